// Makes the dead letter of a record that cannot be processed, with the reason.
import type { IncomingRecord, OutgoingRecord } from '@paystream/messaging';
import { deadLetter } from '@paystream/messaging';
import { PROCESSOR_VERSION } from './version.ts';

/** Why a record cannot be processed: the class of its dead letter, and the reason. */
export interface Unfit {
  class: 'poison' | 'schema' | 'business' | 'transient';
  reason: string;
  /** What exactly was seen, where the reason is a code. */
  detail?: string;
}

/** What is wrong with a record that the codec gives up. */
export function unreadable(decoded: { class: 'poison' | 'schema'; reason: string }): Unfit {
  const reason = decoded.class === 'poison' ? 'undecodable' : 'unknown_schema';
  return { class: decoded.class, reason, detail: decoded.reason };
}

/** The dead letter of a record that one of our groups has read. */
export function putAside(source: IncomingRecord, unfit: Unfit, groupId: string): OutgoingRecord {
  return deadLetter(source, {
    reader: groupId,
    class: unfit.class,
    reason: unfit.reason,
    ...(unfit.detail === undefined ? {} : { error: unfit.detail }),
    consumerVersion: PROCESSOR_VERSION,
  });
}
