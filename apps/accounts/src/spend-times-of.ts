// Says how far back the velocity rules of a batch look, so that no more of earlier spending is read.
import type { Reading } from '@paystream/ledger';

const MICROS_PER_SECOND = 1_000_000n;

/** By subject, the time (microseconds since the epoch) after which what was spent may count to a rule of the batch. */
export function spendTimesOf(readings: readonly Reading[]): Map<string, bigint> {
  const times = new Map<string, bigint>();
  for (const reading of readings) {
    if (!reading.legal) continue;
    const { asked, needs } = reading.instruction;
    const { spendsOf: subject } = needs;
    if (subject === null) continue;
    for (const { windowSeconds } of asked.velocity ?? []) {
      const start = asked.requestedAt - windowSeconds * MICROS_PER_SECOND;
      // Nothing was spent before the epoch.
      const since = start < 0n ? 0n : start;
      const known = times.get(subject);
      if (known === undefined || since < known) times.set(subject, since);
    }
  }
  return times;
}
