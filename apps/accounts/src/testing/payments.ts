// Makes payments and disputes for store tests, as the fold leaves them.
import type { Dispute, Payment } from '@paystream/ledger';
import { randomId } from '@paystream/testkit';
import { aFee } from './events.ts';

/** Beyond 2^53, where a JSON number would no longer be exact. */
const LARGE_MINOR = 2n ** 53n + 1n;

/** A payment of 10.99 USD from a wallet in EUR, authorized and not captured. */
export function aPayment(overrides: Partial<Payment> = {}): Payment {
  return {
    paymentId: randomId('pay'),
    kind: 'payment',
    environment: 'test',
    merchantId: randomId('mer'),
    customerId: randomId('cus'),
    currency: 'USD',
    amountMinor: 10_99n,
    rulesVersion: 1,
    fees: [aFee(62n), { ...aFee(LARGE_MINOR), minMinor: 1n, maxMinor: LARGE_MINOR, tier: 'marginal:0-999' }],
    fx: {
      fromCurrency: 'EUR',
      toCurrency: 'USD',
      fromAmountMinor: LARGE_MINOR,
      toAmountMinor: 10_99n,
      baseRate: '1.1642',
      markupBps: 150,
      markupMinor: 15n,
      roundingMinor: 1n,
      roundingCurrency: 'EUR',
      rateSource: 'ecb',
      ratePublishedAt: 1_788_256_800_123_457n,
      quoteId: null,
    },
    expiresAt: 1_788_861_600_123_457n,
    status: 'authorized',
    authorizedMinor: 10_99n,
    capturedMinor: 0n,
    capturePendingMinor: 0n,
    refundedMinor: 0n,
    refundPendingMinor: 0n,
    disputedMinor: 0n,
    lostMinor: 0n,
    ...overrides,
  };
}

/** An open dispute over 10.99 USD with a fee of 15.00, of which the merchant's payable lacked 5.00. */
export function aDispute(overrides: Partial<Dispute> = {}): Dispute {
  return {
    disputeId: randomId('dp'),
    paymentId: randomId('pay'),
    environment: 'test',
    merchantId: randomId('mer'),
    customerId: randomId('cus'),
    currency: 'USD',
    amountMinor: 10_99n,
    feeMinor: 15_00n,
    fromReceivableMinor: 5_00n,
    source: 'merchant',
    status: 'open',
    ...overrides,
  };
}
