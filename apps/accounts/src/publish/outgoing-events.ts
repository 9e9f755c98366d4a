// Turns a decision into the encoded events that are stored beside it, in the order in which they are published.
import type { OutgoingEvent } from '@paystream/database';
import type { Codec } from '@paystream/messaging';
import { toCustomerNotification } from './customer-notification.ts';
import { headersOf } from './headers.ts';
import { toPaymentSettled } from './payment-settled.ts';
import type { BatchPlace, DecidedRecord } from './place.ts';

/** The events of one decision. The settled one has the key of its input, and so stays in the customer's order. */
export function outgoingEventsOf(decided: DecidedRecord, place: BatchPlace, codec: Codec): OutgoingEvent[] {
  const { record, event } = decided;
  const settled = {
    sourceOffset: record.offset,
    index: 0,
    topic: 'payment.settled',
    key: record.key,
    value: codec.encode('payment.settled', toPaymentSettled(decided, place)),
    headers: headersOf(decided, place, {
      id: `${event.operationId}.payment.settled.${event.pass}`,
      type: 'payment.settled',
      subject: event.operationId,
    }),
  };
  const notification = toCustomerNotification(decided, place);
  if (notification === null) return [settled];
  const told = {
    sourceOffset: record.offset,
    index: 1,
    topic: 'customer.notification',
    key: Buffer.from(notification.customerId),
    value: codec.encode('customer.notification', notification),
    headers: headersOf(decided, place, {
      id: notification.notificationId,
      type: 'customer.notification',
      subject: notification.customerId,
    }),
  };
  return [settled, told];
}
