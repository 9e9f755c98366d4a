// Says what an operation of the gateway's table is called outside it.
import type { Id } from '@paystream/payments';
import { fromUuid } from '@paystream/payments';

/** `pay_…` or `tu_…`. */
export function operationId(operation: 'pay' | 'top_up', uuid: string): Id<'pay'> | Id<'tu'> {
  return operation === 'pay' ? fromUuid('pay', uuid) : fromUuid('tu', uuid);
}
