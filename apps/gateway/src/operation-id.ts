// Says what an operation of the gateway's table is called outside it, and finds the uuid in an id from outside.
import type { Id, Prefix } from '@paystream/payments';
import { fromUuid, isId, toUuid } from '@paystream/payments';

/** `pay_…` or `tu_…`. */
export function operationId(operation: 'pay' | 'top_up', uuid: string): Id<'pay'> | Id<'tu'> {
  return operation === 'pay' ? fromUuid('pay', uuid) : fromUuid('tu', uuid);
}

/** The uuid of an id with this prefix; undefined when the text is no such id, and so names nothing of ours. */
export function uuidOf(prefix: Prefix, text: string): string | undefined {
  if (!isId(prefix, text)) return undefined;
  try {
    return toUuid(text);
  } catch {
    // 32 digits that no version of uuid has.
    return undefined;
  }
}
