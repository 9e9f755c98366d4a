// Reads who has decided, and why, how a pay-out is to end: each operator once, in the order in which they did.
import type { Transaction } from '@paystream/database';
import { fromUuid } from '@paystream/payments';

export interface Resolver {
  /** op_… */
  operatorId: string;
  reasonCode: string;
}

/** Locks the pay-out's state first, so that of two operators who decide at once the second sees the first. */
export async function readResolvers(
  transaction: Transaction,
  { payOutUuid, payOutId, action }: { payOutUuid: string; payOutId: string; action: string },
): Promise<Resolver[]> {
  await transaction.query({
    text: 'SELECT FROM payment_states WHERE payment_id = $1 FOR UPDATE',
    values: [payOutUuid],
  });
  const rows = await transaction.query<{ operator_id: string; reason_code: string }>({
    text: `SELECT operator_id, reason_code FROM operator_actions WHERE object_id = $1 AND action = $2
            ORDER BY created_at, id`,
    values: [payOutId, action],
  });
  const first = new Map<string, Resolver>();
  for (const { operator_id: uuid, reason_code: reasonCode } of rows) {
    if (!first.has(uuid)) first.set(uuid, { operatorId: fromUuid('op', uuid), reasonCode });
  }
  return [...first.values()];
}
