// Owns the bounds that every part of a proof keeps.

/** One statement of the proof (a copy, a sort) may take this long; the books may be large. */
export const STATEMENT_TIMEOUT_MS = 600_000;
