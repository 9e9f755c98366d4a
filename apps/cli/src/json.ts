// Writes values as JSON with bigints as integers: amounts never pass through a float on their way out.

/** One line of JSON; a bigint becomes an integer of any length. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) => (typeof part === 'bigint' ? rawInteger(part) : part));
}

/** JSON has integers of any length; only JavaScript's reader narrows them. */
function rawInteger(value: bigint): unknown {
  // rawJSON is part of Node 24, and not yet of TypeScript's es2024 library.
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(value.toString());
}
