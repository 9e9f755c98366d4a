// Stands in for the rest of the pipeline in the gateway's own tests: settles each requested operation once, in order.
import type { Messaging, OutgoingRecord } from '@paystream/messaging';
import { eventHeaders } from '@paystream/messaging';
import { failureOf, walletAccountId } from '@paystream/payments';
import { aPaymentSettled } from '@paystream/testkit';
import type { PaymentRequested, PaymentSettled } from '@paystream/topics';

export interface Responder {
  /** Every record of payment.requested so far, repetitions too. */
  requested: PaymentRequested[];
  stop(): Promise<void>;
}

/** Wallets begin empty; what they lack is declined. */
export async function startResponder(messaging: Messaging): Promise<Responder> {
  const requested: PaymentRequested[] = [];
  const settledIds = new Set<string>();
  const wallets = new Map<string, { posted: bigint; version: bigint }>();
  const publisher = messaging.createPublisher();
  let ledgerNumber = 0n;

  const settle = (request: PaymentRequested, partition: number, offset: bigint): OutgoingRecord => {
    const { customerId, currency, amountMinor } = request;
    const owner = customerId ?? '';
    const accountId = walletAccountId(request.environment, owner, currency ?? '');
    const wallet = wallets.get(accountId) ?? { posted: 0n, version: 0n };
    const change = request.operation === 'top_up' ? (amountMinor ?? 0n) : -(amountMinor ?? 0n);
    const succeeds = wallet.posted + change >= 0n;
    const after = succeeds ? { posted: wallet.posted + change, version: wallet.version + 1n } : wallet;
    wallets.set(accountId, after);
    ledgerNumber += 1n;
    const settled: PaymentSettled = aPaymentSettled({
      ...common(request),
      status: succeeds ? 'succeeded' : 'failed',
      paymentStatus: succeeds ? 'succeeded' : 'failed',
      settledAt: request.requestedAt + 1_000n,
      failure: succeeds ? null : failureOf('insufficient_funds'),
      // A command upon an account moves nothing.
      balances:
        amountMinor === null
          ? []
          : [
              {
                accountId,
                kind: 'wallet',
                ownerId: owner,
                currency: currency ?? '',
                postedChangeMinor: succeeds ? change : 0n,
                heldChangeMinor: 0n,
                postedMinor: after.posted,
                heldMinor: 0n,
                version: after.version,
                changed: succeeds,
                counterpartyId: request.merchantId,
                status: 'open',
                overdraftMinor: 0n,
              },
            ],
      sourcePartition: partition,
      sourceOffset: offset,
      ledgerNumber,
      ledgerIndex: 0,
    });
    return toRecord(messaging, settled, partition);
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
        answers.push(settle(decoded.value, partition, offset));
      }
      await publisher.publish(answers);
    },
  });
  return {
    requested,
    stop: async () => {
      await follower.stop();
      await publisher.close();
    },
  };
}

/** What a settled operation takes over from the request. */
function common(request: PaymentRequested): Partial<PaymentSettled> {
  const { operationId, operation, paymentId, environment, merchantId, customerId } = request;
  const { amountMinor, currency, requestedAt, method } = request;
  const ids = { operationId, operation, paymentId, environment, merchantId, customerId };
  return { ...ids, amountMinor, currency, requestedAt, method };
}

export function toRecord({ codec }: Messaging, settled: PaymentSettled, partition: number | null): OutgoingRecord {
  return {
    topic: 'payment.settled',
    partition,
    key: Buffer.from(settled.customerId ?? settled.paymentId),
    value: codec.encode('payment.settled', settled),
    headers: eventHeaders({
      id: settled.operationId,
      type: 'payment.settled',
      source: 'responder',
      timeMicros: settled.settledAt,
      subject: settled.operationId,
      merchantId: settled.merchantId,
      environment: settled.environment,
      correlationId: settled.paymentId,
      causationId: settled.operationId,
      producerVersion: 'responder/0',
    }),
  };
}
