// Decides what may stand in a log line: no secret, no card number, no person, nothing of unbounded size.

const HIDDEN = '[hidden]';
const DEPTH_MAX = 6;
const ITEMS_MAX = 50;
const TEXT_LENGTH_MAX = 8_192;

/** Fields that hold secrets or persons wherever they appear, compared without case, `_` and `-`. */
const HIDDEN_FIELDS = new Set(
  [
    'password passphrase secret clientSecret token accessToken apiKey privateKey masterKey personalDataKey sealedKey',
    'authorization cookie setCookie sasl credentials',
    'email emailAddress phone address firstName lastName fullName customerName birthDate',
    'description metadata pan cardNumber cvc cvv iban',
  ].flatMap((names) => names.split(' ').map(plainName)),
);

/** What of an error is logged. A database error's `detail`, `where` and `parameters` hold rows, that is persons. */
const ERROR_FIELDS = ['code', 'type', 'retriable', 'severity', 'constraint', 'table', 'errno', 'syscall'] as const;

const URL_CREDENTIALS = /(\w:\/\/)[^\s/@:]*:[^\s/@]*@/g;
const EMAIL = /[^\s@<>"'(),;:=[\]]+@[^\s@<>"'(),;:[\]]+\.[a-zA-Z]{2,}/g;
const BEARER = /\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi;
const API_KEY = /\b(sk|rk|whsec|whsk)_[\w]{8,}/g;
/** Cards begin with 2 to 6; times and offsets of our age do not, or fail the check digit. */
const CARD_NUMBER = /(?<![\w.-])[2-6]\d(?:[ -]?\d){11,17}(?![\w])/g;

/** The fields of one line, cleaned. */
export function cleanFields(fields: Record<string, unknown>): Record<string, unknown> {
  return cleanRecord(fields, 0);
}

/** A sentence or a value in text form, cleaned and cut. */
export function cleanText(text: string): string {
  const cut = text.length > TEXT_LENGTH_MAX ? `${text.slice(0, TEXT_LENGTH_MAX)}…` : text;
  return cut
    .replace(URL_CREDENTIALS, `$1${HIDDEN}@`)
    .replace(EMAIL, HIDDEN)
    .replace(BEARER, `$1 ${HIDDEN}`)
    .replace(API_KEY, `$1_${HIDDEN}`)
    .replace(CARD_NUMBER, (digits) => (hasCheckDigit(digits) ? HIDDEN : digits));
}

function cleanValue(value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case 'string':
      return cleanText(value);
    case 'bigint':
    case 'number':
      return cleanNumber(value);
    case 'object':
      return value === null ? null : cleanObject(value, depth);
    case 'function':
    case 'symbol':
      return undefined;
    default:
      return value;
  }
}

function cleanNumber(value: bigint | number): unknown {
  const text = String(value);
  const cleaned = cleanText(text);
  if (cleaned !== text) return cleaned;
  return typeof value === 'bigint' ? text : value;
}

function cleanObject(value: object, depth: number): unknown {
  if (value instanceof Error) return cleanError(value, depth);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= DEPTH_MAX) return '[deeper]';
  if (Array.isArray(value)) return value.slice(0, ITEMS_MAX).map((item) => cleanValue(item, depth + 1));
  if (value instanceof Map || value instanceof Set) return `[${value.size} items]`;
  return cleanRecord(Object.fromEntries(Object.entries(value).slice(0, ITEMS_MAX)), depth);
}

function cleanRecord(fields: Record<string, unknown>, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      HIDDEN_FIELDS.has(plainName(name)) ? HIDDEN : cleanValue(value, depth + 1),
    ]),
  );
}

function cleanError(error: Error, depth: number): Record<string, unknown> {
  const fields = new Map<string, unknown>(Object.entries(error));
  const known: Record<string, unknown> = {};
  for (const name of ERROR_FIELDS) {
    if (fields.has(name)) known[name] = cleanValue(fields.get(name), depth + 1);
  }
  return {
    name: error.name,
    message: cleanText(error.message),
    ...known,
    ...(error.stack === undefined ? {} : { stack: cleanText(error.stack) }),
    ...(error.cause === undefined || depth >= DEPTH_MAX ? {} : { cause: cleanValue(error.cause, depth + 1) }),
  };
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, '');
}

/** Luhn: every second digit from the right doubled, the digits' sum a multiple of ten. */
function hasCheckDigit(text: string): boolean {
  const digits = text.replace(/[ -]/g, '');
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits.at(-1 - place));
    const doubled = place % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
