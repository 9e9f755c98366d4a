// Names each request, so that an answer, a log line and a merchant's question can be brought together.
import { randomBytes } from 'node:crypto';

const PROCESS_PART_BYTES = 8;
const COUNT_DIGITS = 16;

/** `req_` and 32 hex digits: half of them drawn once per process, half counted, for nothing needs them to be secret. */
export function createRequestIds(): () => string {
  const processPart = randomBytes(PROCESS_PART_BYTES).toString('hex');
  let count = 0;
  return () => {
    count += 1;
    return `req_${processPart}${count.toString(16).padStart(COUNT_DIGITS, '0')}`;
  };
}
