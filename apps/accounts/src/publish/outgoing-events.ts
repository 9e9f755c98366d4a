// Turns a decision into the encoded events that are stored beside it, in the order in which they are published.
import type { OutgoingEvent } from '@paystream/database';
import type { Codec } from '@paystream/messaging';
import { toCustomerNotifications } from './customer-notification.ts';
import { headersOf } from './headers.ts';
import { toPaymentProgressed } from './payment-progressed.ts';
import { toPaymentSettled } from './payment-settled.ts';
import type { BatchPlace, DecidedRecord } from './place.ts';
import { inWhoseName } from './place.ts';

/** The events of one decision. What became of the operation comes first, and then what customers are told. */
export function outgoingEventsOf(own: DecidedRecord, place: BatchPlace, codec: Codec): OutgoingEvent[] {
  const decided = inWhoseName(own);
  const told = toCustomerNotifications(decided, place).map((notification, at) => ({
    sourceOffset: decided.record.offset,
    index: 1 + at,
    topic: 'customer.notification',
    key: Buffer.from(notification.customerId),
    value: codec.encode('customer.notification', notification),
    headers: headersOf(decided, place, {
      id: notification.notificationId,
      type: 'customer.notification',
      subject: notification.customerId,
    }),
  }));
  return [resultOf(decided, place, codec), ...told];
}

/** How the operation ended, or that it is on its way; under the key of its input, and so in the customer's order. */
function resultOf(decided: DecidedRecord, place: BatchPlace, codec: Codec): OutgoingEvent {
  const { record, event, decision } = decided;
  const { topic, value } =
    decision.outcome === 'admitted'
      ? {
          topic: 'payment.progressed',
          value: codec.encode('payment.progressed', toPaymentProgressed(decided, place)),
        }
      : { topic: 'payment.settled', value: codec.encode('payment.settled', toPaymentSettled(decided, place)) };
  return {
    sourceOffset: record.offset,
    index: 0,
    topic,
    key: record.key,
    value,
    headers: headersOf(decided, place, {
      id: `${event.operationId}.${topic}.${event.pass}`,
      type: topic,
      subject: event.operationId,
    }),
  };
}
