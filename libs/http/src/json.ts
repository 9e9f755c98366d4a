// Reads and writes JSON without losing a minor unit: numbers are taken only as plain integers, bigint is written as one.

/** A parsed body, and whether every number in it was spelled as a plain integer. */
export type ParsedJson = { ok: true; value: unknown; numbersPlain: boolean } | { ok: false };

/**
 * Parses JSON text. `1e3` and `10.0` are read, but reported: after JSON.parse nobody could tell them from integers. An
 * object that names a member twice is no JSON here: one reader would take the first, another the last.
 */
export function parseJson(text: string): ParsedJson {
  try {
    const value: unknown = JSON.parse(text);
    const { numbersPlain, members } = scan(text);
    return members === countMembers(value) ? { ok: true, value, numbersPlain } : { ok: false };
  } catch {
    return { ok: false };
  }
}

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const POINT = 0x2e;
const UPPER_E = 0x45;
const LOWER_E = 0x65;
const ZERO = 0x30;
const NINE = 0x39;

/**
 * What valid JSON text shows that its value does not: whether some number has a fraction or an exponent, and how many
 * members were written. One pass over the characters; a reviver that sees the source text costs ten times as much.
 */
function scan(text: string): { numbersPlain: boolean; members: number } {
  let numbersPlain = true;
  let members = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === QUOTE) at = endOfString(text, at);
    else if (character === COLON) members += 1;
    else if (character === POINT || character === UPPER_E) numbersPlain = false;
    // The other e outside of strings ends `true` and `false`.
    else if (character === LOWER_E && isDigit(text.charCodeAt(at - 1))) numbersPlain = false;
  }
  return { numbersPlain, members };
}

function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const items = Array.isArray(value) ? value : Object.values(value);
  let members = Array.isArray(value) ? 0 : items.length;
  for (const item of items) members += countMembers(item);
  return members;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}

function isDigit(character: number): boolean {
  return character >= ZERO && character <= NINE;
}

/** JSON text in which a bigint is an integer, however large. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, bigintAsInteger);
}

/** ES2026's JSON.rawJSON, which Node 24 has and TypeScript's es2024 library does not know yet. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

function bigintAsInteger(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? rawJSON(value.toString()) : value;
}
