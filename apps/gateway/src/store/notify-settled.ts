// Sends notifications that are heard when the transaction commits.
import type { Transaction } from '@paystream/database';

export async function notifySettled(
  transaction: Transaction,
  channel: string,
  payloads: readonly string[],
): Promise<void> {
  await transaction.query({
    name: 'notify-settled',
    text: 'SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS p(payload)',
    values: [channel, payloads],
  });
}
