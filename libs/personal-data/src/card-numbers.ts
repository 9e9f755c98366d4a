// Recognises what looks like a card number in free text, so that it is refused before anything keeps it.

/** ISO/IEC 7812: a primary account number has 13 to 19 digits. */
const DIGITS_MIN = 13;
const DIGITS_MAX = 19;
/** Digits, in groups a person would write: `4111 1111 1111 1111`, `4111-1111-1111-1111`. */
const GROUPED_DIGITS = /\d+(?:[ \-.]\d+)*/g;
const GROUP_SEPARATOR = /[ \-.]/;
/** UUIDs, with their hyphens and as our own ids have them: one in 350 would look like a card, and so would refuse an order's id. */
const UUID = /(?<![0-9a-z])(?=[\d-]*[a-f])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})(?![0-9a-z])/gi;

/**
 * True when some run of 13 to 19 digits, whole groups of it taken together, has a valid check digit. One number in ten
 * that is no card has one too; it is refused all the same, unless it is part of a UUID.
 */
export function looksLikeCardNumber(text: string): boolean {
  if (text.length < DIGITS_MIN) return false;
  const runs = text.replaceAll(UUID, 'id').match(GROUPED_DIGITS) ?? [];
  return runs.some((run) => run.length >= DIGITS_MIN && hasCardAmong(run.split(GROUP_SEPARATOR)));
}

function hasCardAmong(groups: readonly string[]): boolean {
  return groups.some((_group, start) => hasCardFrom(groups, start));
}

function hasCardFrom(groups: readonly string[], start: number): boolean {
  let digits = '';
  for (let at = start; at < groups.length && digits.length <= DIGITS_MAX; at++) {
    digits += groups[at];
    if (digits.length >= DIGITS_MIN && digits.length <= DIGITS_MAX && hasCheckDigit(digits)) return true;
  }
  return false;
}

const ZERO = 0x30;

/** Luhn: every second digit from the right doubled, the digits' sum a multiple of ten. */
function hasCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = digits.charCodeAt(digits.length - 1 - place) - ZERO;
    const weighed = place % 2 === 1 ? digit * 2 : digit;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 === 0;
}
