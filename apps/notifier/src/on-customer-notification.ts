// Turns a batch of customer.notification into e-mails to send, in the transaction of its offset.
import type {
  ApplyHandlers,
  Codec,
  DeadLetterClass,
  IncomingRecord,
  OutgoingRecord,
  Publisher,
} from '@paystream/messaging';
import { deadLetter, inTransaction } from '@paystream/messaging';
import { faultPoint } from '@paystream/runtime';
import type { CustomerNotification } from '@paystream/topics';
import { checkNotification } from './check-notification.ts';
import type { NotifierMetrics } from './metrics.ts';
import { insertEmails } from './store/insert-emails.ts';
import { NOTIFIER_VERSION } from './version.ts';

export const TOPIC = 'customer.notification';

export interface OnCustomerNotificationOptions {
  codec: Codec;
  /** Takes dead letters. They are written before the offset moves, so a crash may repeat one and never loses one. */
  publisher: Publisher;
  metrics: NotifierMetrics;
}

export function createOnCustomerNotification(
  options: OnCustomerNotificationOptions,
): Pick<ApplyHandlers, 'apply' | 'applyPoison'> {
  const { codec, publisher, metrics } = options;
  return {
    apply: inTransaction(async ({ records }, transaction) => {
      const read = records.map((record) => readRecord(record, codec));
      const events = read.flatMap((one) => (one.usable ? [one.event] : []));
      const dead = read.flatMap((one) => (one.usable ? [] : [one.deadLetter]));
      const queued = await insertEmails(transaction, events);
      faultPoint('notifier.emails_inserted');
      if (dead.length > 0) await publisher.publish(dead);
      metrics.countBatch({ queued, known: events.length - queued, dead: dead.length });
    }),
    applyPoison: async (record, error) => {
      await publisher.publish([deadLetterOf(record, 'permanent', 'it cannot be stored', error)]);
    },
  };
}

type Read = { usable: true; event: CustomerNotification } | { usable: false; deadLetter: OutgoingRecord };

function readRecord(record: IncomingRecord, codec: Codec): Read {
  const decoded = codec.decode(TOPIC, record.value);
  if (!decoded.ok) {
    const reason = decoded.class === 'schema' ? 'unknown_schema' : 'undecodable';
    return { usable: false, deadLetter: deadLetterOf(record, decoded.class, reason, decoded.reason) };
  }
  const fault = checkNotification(decoded.value, record.key?.toString() ?? null);
  if (fault !== null) return { usable: false, deadLetter: deadLetterOf(record, 'business', fault) };
  return { usable: true, event: decoded.value };
}

function deadLetterOf(record: IncomingRecord, why: DeadLetterClass, reason: string, error?: unknown): OutgoingRecord {
  return deadLetter(record, { reader: 'notifier', class: why, reason, error, consumerVersion: NOTIFIER_VERSION });
}
