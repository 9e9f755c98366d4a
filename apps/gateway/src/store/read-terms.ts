// Reads what operations asked for beside ids: it is not on payment.settled, or not as it was asked, and is part of the answer.
import type { Queryable } from '@paystream/database';
import type { Terms } from '@paystream/topics';
import { fromTermsText } from '../intake/terms.ts';

/** Terms with the amount, which of a pay-out a provider may have told another than was asked for. */
export type AskedTerms = Partial<Terms> & { amountMinor: bigint | null };

/** Of those that exist, by uuid. */
export async function readTerms(database: Queryable, uuids: readonly string[]): Promise<Map<string, AskedTerms>> {
  if (uuids.length === 0) return new Map();
  const rows = await database.query<{ id: string; amount_minor: bigint | null; terms: string | null }>({
    name: 'read-terms',
    text: 'SELECT id, amount_minor, terms::text AS terms FROM operations WHERE id = ANY ($1::uuid[])',
    values: [uuids],
  });
  return new Map(
    rows.map(({ id, amount_minor: amountMinor, terms }) => [id, { ...fromTermsText(terms), amountMinor }]),
  );
}
