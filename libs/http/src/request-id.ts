// Names each request, so that an answer, a log line and a merchant's question can be brought together.
import { randomBytes } from 'node:crypto';

const PROCESS_PART_BYTES = 10;
const COUNTED_DIGITS = 12;
const COUNTED_PART_MAX = 16 ** COUNTED_DIGITS;

/**
 * `req_` and 32 hex digits: the first part drawn once per process, the rest counted from a number drawn likewise, for
 * nothing needs them to be secret. Ids that began with long rows of zeros would look like card numbers.
 */
export function createRequestIds(): () => string {
  const processPart = randomBytes(PROCESS_PART_BYTES).toString('hex');
  let counted = Number.parseInt(randomBytes(COUNTED_DIGITS / 2).toString('hex'), 16);
  return () => {
    counted = (counted + 1) % COUNTED_PART_MAX;
    return `req_${processPart}${counted.toString(16).padStart(COUNTED_DIGITS, '0')}`;
  };
}
