// Builds records of `payment.processed` for tests: each names only what it is about.

import type { FeeLine } from '../fee-line.ts';
import type { AskedOperation, Conversion, OutsideFact } from '../inputs.ts';

/** 2026-09-01T10:00:00Z in microseconds. */
export const NOON = 1_788_256_800_000_000n;
export const SECOND = 1_000_000n;
export const DAY = 86_400n * SECOND;

/** Fields that are null unless an operation is about them. */
const NO_TERMS = {
  sourceCurrency: null,
  quote: null,
  authorize: null,
  capture: null,
  refund: null,
  transfer: null,
  payOut: null,
  account: null,
  correction: null,
  fx: null,
  route: null,
  failure: null,
  fact: null,
  decisions: null,
  velocity: null,
} as const;

/** A payment of 1.00 USD from `cus_ann` to `mer_shop`; without an id of its own its first letters are the operation's. */
export function ask(overrides: Partial<AskedOperation>): AskedOperation {
  const operationId = overrides.operationId ?? `${overrides.operation ?? 'pay'}_1`;
  return {
    operationId,
    operation: 'pay',
    paymentId: operationId,
    environment: 'test',
    merchantId: 'mer_shop',
    customerId: 'cus_ann',
    pass: 1,
    kind: 'priced',
    rulesVersion: 1,
    requestedAt: NOON,
    amountMinor: 100n,
    currency: 'USD',
    method: { type: overrides.operation === 'top_up' ? 'sandbox' : 'wallet' },
    fees: [],
    ...NO_TERMS,
    ...overrides,
  };
}

/** 2.9 % and 30 borne by the merchant and kept, of an amount of 10.99. */
export function fee(overrides: Partial<FeeLine> = {}): FeeLine {
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
    amountMinor: 62n,
    currency: 'USD',
    ...overrides,
  };
}

/** From euro to dollars at 1.1642 and one per cent, as 10.99 USD are priced. */
export function conversion(overrides: Partial<Conversion> = {}): Conversion {
  const fromCurrency = overrides.fromCurrency ?? 'EUR';
  return {
    fromCurrency,
    toCurrency: 'USD',
    fromAmountMinor: 954n,
    toAmountMinor: 1_099n,
    baseRate: '1.1642',
    markupBps: 100,
    markupMinor: 10n,
    roundingMinor: 0n,
    roundingCurrency: fromCurrency,
    rateSource: 'ecb',
    ratePublishedAt: NOON - DAY,
    quoteId: null,
    ...overrides,
  };
}

/** A fact about a payment; the dispute is `dp_1` over the amount in dollars. */
export function fact(type: string, overrides: Partial<OutsideFact> = {}): Partial<AskedOperation> {
  const isReturn = type === 'pay_out_returned';
  return {
    kind: 'fact',
    operation: isReturn ? 'return' : 'dispute',
    method: null,
    fact: {
      type,
      provider: 'sandbox',
      disputeId: isReturn ? null : 'dp_1',
      amountMinor: 100n,
      feeMinor: null,
      currency: 'USD',
      ...overrides,
    },
  };
}
