// Decides how old a reference rate may be.
import type { Environment } from '@paystream/payments';

const MICROS_PER_SECOND = 1_000_000n;

/** The sandbox's rates end when its file does, and go on being used; null: any age. */
export function rateAgeMaxMicros(environment: Environment, secondsMax: number): bigint | null {
  return environment === 'live' ? BigInt(secondsMax) * MICROS_PER_SECOND : null;
}
