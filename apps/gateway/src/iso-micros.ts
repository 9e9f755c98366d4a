// Writes an instant as HTTP shows it.

const MICROS_PER_MILLISECOND = 1_000n;

/** `2026-09-01T10:00:00.123456Z` of microseconds since the epoch. */
export function isoMicros(micros: bigint): string {
  const milliseconds = new Date(Number(micros / MICROS_PER_MILLISECOND)).toISOString().slice(0, -1);
  return `${milliseconds}${String(micros % MICROS_PER_MILLISECOND).padStart(3, '0')}Z`;
}
