// Reads what operations asked for beside ids, and when: it is not on payment.settled, or not as it was asked, and is part of the answer.
import type { Queryable } from '@paystream/database';
import type { Terms } from '@paystream/topics';
import { fromTermsText } from '../intake/terms.ts';

/** Terms with amount and time: what ends a pay-out has the time of what was reported of it. */
export type AskedTerms = Partial<Terms> & { amountMinor: bigint | null; requestedAtMicros: bigint };

interface Row {
  id: string;
  amount_minor: bigint | null;
  terms: string | null;
  requested_at_micros: bigint;
}

/** Of those that exist, by uuid. */
export async function readTerms(database: Queryable, uuids: readonly string[]): Promise<Map<string, AskedTerms>> {
  if (uuids.length === 0) return new Map();
  const rows = await database.query<Row>({
    name: 'read-terms',
    text: `SELECT id, amount_minor, terms::text AS terms,
                  (extract(epoch FROM requested_at) * 1000000)::bigint AS requested_at_micros
             FROM operations WHERE id = ANY ($1::uuid[])`,
    values: [uuids],
  });
  return new Map(
    rows.map(({ id, amount_minor: amountMinor, terms, requested_at_micros: requestedAtMicros }) => [
      id,
      { ...fromTermsText(terms), amountMinor, requestedAtMicros },
    ]),
  );
}
