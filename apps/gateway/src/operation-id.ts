// Says what an operation of the gateway's table is called outside it, and finds the uuid in an id from outside.
import type { Id, Operation, Prefix } from '@paystream/payments';
import { fromUuid, isId, operationPrefixes, toUuid } from '@paystream/payments';

/** `pay_…`, `re_…`: the prefix says what was asked. */
export function operationId(operation: Operation, uuid: string): Id {
  return fromUuid(operationPrefixes[operation], uuid);
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
