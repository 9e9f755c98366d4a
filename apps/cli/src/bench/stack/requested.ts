// Makes requests as the gateway publishes them, for the stretches in which no gateway runs.

import { randomUUID } from 'node:crypto';
import type { Messaging, OutgoingRecord } from '@paystream/messaging';
import { eventHeaders } from '@paystream/messaging';
import type { PaymentRequested } from '@paystream/topics';
import { NO_TERMS, timestampMicros } from '@paystream/topics';

export interface Asked {
  readonly operation: 'pay' | 'top_up';
  readonly merchantId: string;
  readonly customerId: string;
  /** Minor units of USD. */
  readonly amountMinor: bigint;
}

/** A record of payment.requested with a new operation id; its partition follows from the customer. */
export function requestedRecord({ codec }: Pick<Messaging, 'codec'>, asked: Asked): OutgoingRecord {
  const operationId = `${asked.operation === 'pay' ? 'pay' : 'tu'}_${hexId()}`;
  const requestedAt = timestampMicros(new Date());
  const value: PaymentRequested = {
    ...NO_TERMS,
    ...asked,
    operationId,
    paymentId: operationId,
    environment: 'test',
    currency: 'USD',
    requestedAt,
    merchantVersion: 1n,
    method: { type: asked.operation === 'pay' ? 'wallet' : 'sandbox', methodId: null },
  };
  return {
    topic: 'payment.requested',
    partition: null,
    key: Buffer.from(asked.customerId),
    value: codec.encode('payment.requested', value),
    headers: eventHeaders({
      id: `${operationId}.payment.requested`,
      type: 'payment.requested',
      source: 'bench',
      timeMicros: requestedAt,
      subject: operationId,
      merchantId: asked.merchantId,
      environment: 'test',
      correlationId: operationId,
      causationId: null,
      producerVersion: 'bench',
    }),
  };
}

export function newCustomerId(): string {
  return `cus_${hexId()}`;
}

function hexId(): string {
  return randomUUID().replaceAll('-', '');
}
