// Reads what operations asked for beside ids and amount: it is not on payment.settled and is part of the answer.
import type { Transaction } from '@paystream/database';
import type { Terms } from '../intake/terms.ts';
import { fromTermsText } from '../intake/terms.ts';

/** Of those that exist, by uuid. */
export async function readTerms(
  transaction: Transaction,
  uuids: readonly string[],
): Promise<Map<string, Partial<Terms>>> {
  if (uuids.length === 0) return new Map();
  const rows = await transaction.query<{ id: string; terms: string | null }>({
    name: 'read-terms',
    text: 'SELECT id, terms::text AS terms FROM operations WHERE id = ANY ($1::uuid[])',
    values: [uuids],
  });
  return new Map(rows.map(({ id, terms }) => [id, fromTermsText(terms)]));
}
