// Stands in for the rest of the pipeline in the gateway's own tests: settles each requested operation once, in order.
import type { Messaging, OutgoingRecord } from '@paystream/messaging';
import { eventHeaders } from '@paystream/messaging';
import { failureOf } from '@paystream/payments';
import { aPaymentProgressed, aPaymentSettled } from '@paystream/testkit';
import type { PaymentProgressed, PaymentRequested, PaymentSettled, TopicValues } from '@paystream/topics';
import type { Answer } from './responder-books.ts';
import { createBooks } from './responder-books.ts';

export interface Responder {
  /** Every record of payment.requested so far, repetitions too. */
  requested: PaymentRequested[];
  /** Ends a pay-out that is on its way. */
  endPayOut(payOutId: string, paymentStatus: 'paid' | 'failed'): Promise<void>;
  stop(): Promise<void>;
}

interface Place {
  partition: number;
  offset: bigint;
}

/** Wallets begin empty; what they lack is declined. A pay-out is on its way until it is ended. */
export async function startResponder(messaging: Messaging): Promise<Responder> {
  const requested: PaymentRequested[] = [];
  const settledIds = new Set<string>();
  const underway = new Map<string, { request: PaymentRequested; place: Place }>();
  const books = createBooks();
  const publisher = messaging.createPublisher();
  let ledgerNumber = 0n;

  const place = ({ partition, offset }: Place) => {
    ledgerNumber += 1n;
    return { sourcePartition: partition, sourceOffset: offset, ledgerNumber, ledgerIndex: 0 };
  };
  const settle = (request: PaymentRequested, at: Place): OutgoingRecord => {
    const answer = books.decide(request);
    if (request.operation === 'pay_out' && answer.failure === null) {
      underway.set(request.operationId, { request, place: at });
      return toProgressed(
        messaging,
        { ...common(request), status: 'in_transit', balances: answer.balances, ...place(at) },
        at.partition,
      );
    }
    return toRecord(messaging, aPaymentSettled({ ...common(request), ...outcome(answer), ...place(at) }), at.partition);
  };

  const follower = await messaging.follow({
    topics: ['payment.requested'],
    from: 'earliest',
    onRecords: async (records) => {
      await messaging.codec.prepare('payment.requested', records);
      const answers: OutgoingRecord[] = [];
      for (const { value, partition, offset } of records) {
        const decoded = messaging.codec.decode('payment.requested', value);
        if (!decoded.ok) throw new Error(`payment.requested cannot be read: ${decoded.reason}`);
        requested.push(decoded.value);
        if (settledIds.has(decoded.value.operationId)) continue;
        settledIds.add(decoded.value.operationId);
        answers.push(settle(decoded.value, { partition, offset }));
      }
      await publisher.publish(answers);
    },
  });
  return {
    requested,
    endPayOut: async (payOutId, paymentStatus) => {
      const { request, place: at } = underway.get(payOutId) ?? {};
      if (request === undefined || at === undefined) throw new Error(`${payOutId} is not on its way`);
      const failure = paymentStatus === 'failed' ? failureOf('processing_error') : null;
      const status = failure === null ? 'succeeded' : 'failed';
      const balances = books.endPayOut(request, failure !== null);
      const ended = aPaymentSettled({ ...common(request), status, paymentStatus, failure, balances, ...place(at) });
      await publisher.publish([toRecord(messaging, ended, at.partition)]);
    },
    stop: async () => {
      await follower.stop();
      await publisher.close();
    },
  };
}

/** What an event takes over from the request. */
function common(request: PaymentRequested) {
  const { operationId, operation, paymentId, environment, merchantId, customerId } = request;
  const { amountMinor, currency, requestedAt, method } = request;
  const ids = { operationId, operation, paymentId, environment, merchantId, customerId };
  return { ...ids, amountMinor, currency, requestedAt, settledAt: requestedAt + 1_000n, method };
}

function outcome({ failure, paymentStatus, totals, balances }: Answer): Partial<PaymentSettled> {
  const status = failure === null ? 'succeeded' : 'failed';
  return {
    ...{ status, paymentStatus: paymentStatus ?? status, payment: totals, balances },
    failure: failure && failureOf(failure),
  };
}

export function toRecord(messaging: Messaging, settled: PaymentSettled, partition: number | null): OutgoingRecord {
  return record(messaging, 'payment.settled', settled, settled.settledAt, partition);
}

type ProgressedFacts = Partial<PaymentProgressed> & { settledAt: bigint };

export function toProgressed(messaging: Messaging, facts: ProgressedFacts, partition: number): OutgoingRecord {
  const { settledAt, ...fields } = facts;
  const progressed = aPaymentProgressed({ ...fields, occurredAt: settledAt });
  return record(messaging, 'payment.progressed', progressed, settledAt, partition);
}

function record<Topic extends 'payment.settled' | 'payment.progressed'>(
  { codec }: Messaging,
  topic: Topic,
  value: TopicValues[Topic],
  timeMicros: bigint,
  partition: number | null,
): OutgoingRecord {
  return {
    topic,
    partition,
    key: Buffer.from(value.customerId ?? value.paymentId),
    value: codec.encode(topic, value),
    headers: eventHeaders({
      id: value.operationId,
      type: topic,
      source: 'responder',
      timeMicros,
      subject: value.operationId,
      merchantId: value.merchantId,
      environment: value.environment,
      correlationId: value.paymentId,
      causationId: value.operationId,
      producerVersion: 'responder/0',
    }),
  };
}
