// Reads what the customers of a batch spent lately where rules count it.
import type { Transaction } from '@paystream/database';
import type { Spend } from '@paystream/ledger';

/** By subject, what was spent after the given time (microseconds since the epoch); a subject without any is left out. */
export async function loadSpends(
  transaction: Transaction,
  since: ReadonlyMap<string, bigint>,
): Promise<Map<string, Spend[]>> {
  const spends = new Map<string, Spend[]>();
  if (since.size === 0) return spends;
  const rows = await transaction.query<Spend & { subject: string }>({
    name: 'load-spends',
    text: `SELECT subject, requested_at AS "requestedAt", currency, amount AS "amountMinor"
             FROM unnest($1::text[], $2::bigint[]) AS asked(subject, since) JOIN spends USING (subject)
            WHERE requested_at > since
            ORDER BY ledger_number, index`,
    values: [[...since.keys()], [...since.values()]],
  });
  for (const { subject, ...spend } of rows) {
    const known = spends.get(subject);
    if (known === undefined) spends.set(subject, [spend]);
    else known.push(spend);
  }
  return spends;
}
