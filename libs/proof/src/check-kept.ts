// Compares what the books keep for decisions to come, corrections, spends and the next ledger number, with the proof's own.

import type { Differences } from './differences.ts';
import type { Chunks } from './inputs.ts';
import type { CorrectionRow, SpendRow } from './rows.ts';
import type { Spend, Spends } from './spends.ts';
import { KEPT_MICROS_MAX } from './spends.ts';

/** Consumes `corrected`: what the books hold too is forgotten. */
export async function checkCorrections(
  rows: Chunks<CorrectionRow>,
  corrected: Map<string, string>,
  differences: Differences,
): Promise<void> {
  for await (const chunk of rows) {
    for (const { ofOperationId, operationId: found } of chunk) {
      const expected = corrected.get(ofOperationId) ?? null;
      corrected.delete(ofOperationId);
      if (expected !== found) differences.add({ kind: 'correction_wrong', ofOperationId, expected, found });
    }
  }
  for (const [ofOperationId, expected] of corrected) {
    differences.add({ kind: 'correction_wrong', ofOperationId, expected, found: null });
  }
}

/**
 * Both ways, as far back as both sides remember: the books forget what a subject spent long before it last spent, the
 * proof what was spent long before anybody last did.
 */
export async function checkSpends(rows: Chunks<SpendRow>, spends: Spends, differences: Differences): Promise<void> {
  const horizon = spends.horizon();
  const unseen = new Map([...spends.entries()].map(([subject, own]) => [subject, countSpends(own)]));
  for await (const chunk of rows) {
    for (const { subject, ...spend } of chunk) {
      if (spend.requestedAt <= horizon) continue;
      const own = unseen.get(subject);
      const text = saySpend(spend);
      const left = own?.get(text) ?? 0;
      if (left === 0) differences.add({ kind: 'spend_extra', subject, spend: text });
      else own?.set(text, left - 1);
    }
  }
  for (const [subject, own] of spends.entries()) {
    const newest = own.reduce((latest, { requestedAt }) => (requestedAt > latest ? requestedAt : latest), 0n);
    for (const spend of own) {
      const text = saySpend(spend);
      const left = unseen.get(subject)?.get(text) ?? 0;
      const isKept = spend.requestedAt > horizon && spend.requestedAt >= newest - KEPT_MICROS_MAX;
      if (left === 0 || !isKept) continue;
      unseen.get(subject)?.set(text, left - 1);
      differences.add({ kind: 'spend_missing', subject, spend: text });
    }
  }
}

function countSpends(spends: readonly Spend[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const spend of spends) counts.set(saySpend(spend), (counts.get(saySpend(spend)) ?? 0) + 1);
  return counts;
}

function saySpend({ amountMinor, currency, requestedAt }: Spend): string {
  return `${amountMinor} ${currency} at ${requestedAt}`;
}

/** A number that was drawn before would be drawn again, and every batch refused by the books' own keys. */
export function checkLedgerNumbers(next: bigint, last: bigint, differences: Differences): void {
  if (next <= last) differences.add({ kind: 'ledger_numbers_behind', next, last });
}
