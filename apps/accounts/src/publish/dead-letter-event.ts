// Turns a record that cannot be applied into the event that takes it to the dead letters, bytes and headers as they came.
import type { OutgoingEvent } from '@paystream/database';
import type { DeadLetterClass, IncomingRecord } from '@paystream/messaging';
import { deadLetter } from '@paystream/messaging';
import { ACCOUNTS_VERSION } from '../version.ts';

export interface WhyDead {
  class: DeadLetterClass;
  reason: string;
  error?: unknown;
}

/** The dead letter of a record: it has no other events, so its place is the first. */
export function deadLetterEvent(record: IncomingRecord, why: WhyDead): OutgoingEvent {
  const { topic, key, value, headers } = deadLetter(record, {
    reader: 'accounts',
    consumerVersion: ACCOUNTS_VERSION,
    ...why,
  });
  return { sourceOffset: record.offset, index: 0, topic, key, value, headers };
}
