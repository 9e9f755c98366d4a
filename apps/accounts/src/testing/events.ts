// Makes events of payment.processed for accounts' tests, as the processor writes them.
import { aPaymentProcessed, randomId } from '@paystream/testkit';
import type { FeeLine, PaymentProcessed } from '@paystream/topics';

/** A wallet payment of 10.99 USD. */
export function aPay(overrides: Partial<PaymentProcessed> = {}): PaymentProcessed {
  return aPaymentProcessed({ decisions: null, ...overrides });
}

/** A top-up of 10.99 USD in the sandbox. */
export function aTopUp(overrides: Partial<PaymentProcessed> = {}): PaymentProcessed {
  const method = { type: 'sandbox', methodId: null };
  return aPaymentProcessed({ operation: 'top_up', operationId: randomId('tu'), method, decisions: null, ...overrides });
}

export function aFee(amountMinor: bigint, currency = 'USD'): FeeLine {
  return {
    ruleId: 'standard',
    ruleVersion: 1n,
    kind: 'processing',
    bearer: 'merchant',
    baseMinor: 1_099n,
    percentBps: 290,
    fixedMinor: 30n,
    minMinor: null,
    maxMinor: null,
    refundPolicy: 'keep',
    tier: null,
    amountMinor,
    currency,
  };
}

/** Some customers' life: each tops up once and then pays `payments` times, of which the last ones lack the funds. */
export function aHistory({ customers, payments, merchantIds }: HistoryShape): PaymentProcessed[] {
  return Array.from({ length: customers }, () => randomId('cus')).flatMap((customerId) => [
    aTopUp({ customerId, amountMinor: 10_00n }),
    ...Array.from({ length: payments }, (_, at) => {
      const merchantId = merchantIds[at % merchantIds.length] ?? randomId('mer');
      return aPay({ customerId, merchantId, amountMinor: 3_00n, fees: [aFee(39n)] });
    }),
  ]);
}

export interface HistoryShape {
  customers: number;
  /** Three of them can be paid. */
  payments: number;
  merchantIds: readonly string[];
}
