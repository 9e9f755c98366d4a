// Says which values an accepted operation may carry: the door refuses any other, and who reads the log judges by the same rules.
import { HTTP_AMOUNT_MAX } from '@paystream/money';

const CODE = /^[a-z0-9_.-]{1,64}$/i;
const NAME = /^[^\p{Cc}]{1,255}$/u;
/** 9999-12-31T23:59:59.999999Z in microseconds: beyond it neither PostgreSQL nor people can write the time. */
const MICROS_MAX = 253_402_300_799_999_999n;
const COUNTRY = /^[A-Z]{2}$/;
const HOLD_DAYS_MAX = 30n;
const MICROS_PER_DAY = 86_400_000_000n;

/** A word as reasons and purposes are written. */
export function isCode(text: string): boolean {
  return CODE.test(text);
}

/** An id that somebody else has given. */
export function isForeignId(text: string): boolean {
  return NAME.test(text) && text.isWellFormed();
}

export function isCountry(text: string): boolean {
  return COUNTRY.test(text);
}

/** After the epoch, and in a year of four digits. */
export function isTime(micros: bigint): boolean {
  return micros > 0n && micros <= MICROS_MAX;
}

/** Above zero, and no more than a request can have asked for. */
export function isAmount(minor: bigint): boolean {
  return minor > 0n && minor <= HTTP_AMOUNT_MAX;
}

/** Whether a hold asked for at this instant may end at that one. */
export function isHoldEnd(expiresAt: bigint, requestedAt: bigint): boolean {
  return isTime(expiresAt) && expiresAt > requestedAt && expiresAt <= requestedAt + HOLD_DAYS_MAX * MICROS_PER_DAY;
}
