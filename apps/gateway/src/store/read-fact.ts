// Reads what a fact from outside was about, by the id of the operation it became.
import type { Queryable } from '@paystream/database';
import { isId, toUuid } from '@paystream/payments';

export interface StoredFact {
  merchantUuid: string;
  environment: 'test' | 'live';
  paymentId: string;
  customerId: string | null;
}

export async function readFact(database: Queryable, operationId: string): Promise<StoredFact | undefined> {
  if (!isId('dis', operationId)) return undefined;
  const [row] = await database.query<{
    merchant_id: string;
    environment: 'test' | 'live';
    payment_id: string;
    customer_id: string | null;
  }>({
    text: `SELECT merchant_id, event ->> 'environment' AS environment, event ->> 'paymentId' AS payment_id,
                  event ->> 'customerId' AS customer_id
             FROM provider_events WHERE operation_id = $1`,
    values: [toUuid(operationId)],
  });
  if (row === undefined) return undefined;
  const { merchant_id: merchantUuid, environment, payment_id: paymentId, customer_id: customerId } = row;
  return { merchantUuid, environment, paymentId, customerId };
}
