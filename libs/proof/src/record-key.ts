// Says under which key an operation belongs on the log, and whether a record lies where that key puts it.

import type { AskedOperation, RecordKey } from './inputs.ts';

/** What a merchant orders for itself: without a customer it is in the order of the merchant's other orders. */
const MERCHANT_ORDERS = new Set(['pay_out', 'return', 'report', 'limit', 'freeze', 'unfreeze', 'close', 'correct']);

/** The customer's id; without one the merchant's for its own orders, else the payment's. */
function keyOf({ customerId, operation, merchantId, paymentId }: AskedOperation): string {
  return customerId ?? (MERCHANT_ORDERS.has(operation) ? merchantId : paymentId);
}

/** Why a record of that key in that partition cannot be in order with what it belongs to; null when it is. */
export function whyMisplaced(operation: AskedOperation, key: RecordKey, partition: number): string | null {
  const right = keyOf(operation);
  if (key.text !== right) return `its key is ${key.text ?? 'none'}, not ${right}`;
  return key.partition === partition ? null : `its key belongs to partition ${key.partition}`;
}
