// Writes an instant as HTTP shows it, and reads one that HTTP sends.
import { HttpError } from '@paystream/http';
import { isTime } from '@paystream/payments';

const MICROS_PER_MILLISECOND = 1_000n;
const MICROS_PER_SECOND = 1_000_000n;
const FRACTION_DIGITS = 6;

/** `2026-09-01T10:00:00.123456Z` of microseconds since the epoch. */
export function isoMicros(micros: bigint): string {
  const milliseconds = new Date(Number(micros / MICROS_PER_MILLISECOND)).toISOString().slice(0, -1);
  return `${milliseconds}${String(micros % MICROS_PER_MILLISECOND).padStart(3, '0')}Z`;
}

const INSTANT = /^(?<second>\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(?<fraction>\d{1,6}))?Z$/;

/** Microseconds since the epoch. Throws when the text is no instant of RFC 3339 in UTC, as a 31st of June, or none after 1970 began. */
export function fromIso(text: string, param: string): bigint {
  const { second, fraction = '' } = INSTANT.exec(text)?.groups ?? {};
  const milliseconds = second === undefined ? Number.NaN : Date.parse(`${second}Z`);
  if (Number.isNaN(milliseconds) || !new Date(milliseconds).toISOString().startsWith(second ?? '')) {
    const detail = `Field ${param} is no instant of RFC 3339 in UTC, as 2026-09-01T10:00:00Z.`;
    throw new HttpError('parameter_invalid', { param, detail });
  }
  const micros =
    (BigInt(milliseconds) / MICROS_PER_MILLISECOND) * MICROS_PER_SECOND + BigInt(fraction.padEnd(FRACTION_DIGITS, '0'));
  if (isTime(micros)) return micros;
  throw new HttpError('parameter_invalid', { param, detail: `Field ${param} lies before 1970.` });
}
