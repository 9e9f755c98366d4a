// Owns the one error of this room: an amount was about to be mixed, lost or made up.

export type MoneyErrorCode = 'unknown_currency' | 'mixed_currencies' | 'out_of_bounds' | 'impossible_split';

/** Thrown by money's functions on a broken invariant; values from outside are checked before they become money. */
export class MoneyError extends Error {
  readonly code: MoneyErrorCode;

  constructor(code: MoneyErrorCode, message: string) {
    super(message);
    this.name = 'MoneyError';
    this.code = code;
  }
}
