// Owns the one error of this room: sealed bytes that cannot be opened.

/** Thrown when bytes were not sealed by this key, were changed since, or are not sealed bytes at all. */
export class CannotOpenError extends Error {
  readonly code = 'cannot_open';
  readonly retriable = false;

  constructor(cause: unknown) {
    super('Sealed data cannot be opened with this key', { cause });
    this.name = 'CannotOpenError';
  }
}
