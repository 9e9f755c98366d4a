// Tells on payment.progressed that an accepted operation is parked: a record of it is a dead letter, and an operator decides.
import type { Codec, OutgoingRecord } from '@paystream/messaging';
import { eventHeaders } from '@paystream/messaging';
import { keyOfOperation } from '@paystream/payments';
import type { ParkedOperation } from '../store/park-operations.ts';
import { PRODUCER_VERSION, SOURCE } from './source.ts';

const TOPIC = 'payment.progressed';

/** The status of an operation that waits for an operator. */
export const PARKED = 'parked';

/** Nothing in the books goes with it, so it has no place there. */
export function toPaymentParked(codec: Codec, parked: ParkedOperation): OutgoingRecord {
  const { id: operationId, operation, paymentId, environment, merchantId, customerId, parkedAtMicros } = parked;
  const { amountMinor, currency } = parked;
  const nothing = { actionType: null, actionReference: null, provider: null, expiresAt: null, balances: null };
  const noPlace = { sourcePartition: null, sourceOffset: null, ledgerNumber: null, ledgerIndex: null };
  return {
    topic: TOPIC,
    partition: null,
    key: Buffer.from(keyOfOperation({ operation, paymentId, merchantId, customerId })),
    value: codec.encode(TOPIC, {
      ...{ operationId, operation, paymentId, environment, merchantId, customerId, amountMinor, currency },
      ...{ status: PARKED, occurredAt: parkedAtMicros, ...nothing, ...noPlace },
    }),
    headers: eventHeaders({
      id: `${operationId}.${PARKED}`,
      type: TOPIC,
      source: SOURCE,
      timeMicros: parkedAtMicros,
      subject: operationId,
      merchantId,
      environment,
      correlationId: paymentId,
      causationId: operationId,
      producerVersion: PRODUCER_VERSION,
    }),
  };
}
