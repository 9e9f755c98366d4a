// Gives tests one request of each operation, as the gateway publishes it.
import { aPaymentRequested, randomId, TEST_TIME_MICROS } from '@paystream/testkit';
import type { FxQuote, OperatorConsent, PaymentRequested } from '@paystream/topics';

export const DAY_MICROS = 86_400_000_000n;

export function aQuote(overrides: Partial<FxQuote> = {}): FxQuote {
  return {
    quoteId: randomId('fxq'),
    fromCurrency: 'EUR',
    toCurrency: 'USD',
    rate: '1.10',
    baseRate: '1.1172',
    markupBps: 100,
    quotedAt: TEST_TIME_MICROS - 1n,
    expiresAt: TEST_TIME_MICROS + DAY_MICROS,
    rateSource: 'ecb',
    ratePublishedAt: TEST_TIME_MICROS - DAY_MICROS,
    ...overrides,
  };
}

export function anOperator(overrides: Partial<OperatorConsent> = {}): OperatorConsent {
  return { operatorId: randomId('op'), approverId: null, reasonCode: 'mistake', reasonId: null, ...overrides };
}

type Overrides = Partial<PaymentRequested>;

const own = (prefix: string, operation: string, overrides: Overrides): PaymentRequested =>
  aPaymentRequested({ operationId: randomId(prefix), operation, ...overrides });

const followUp = (prefix: string, operation: string, overrides: Overrides): PaymentRequested =>
  own(prefix, operation, { paymentId: randomId('pay'), method: null, ...overrides });

const NO_MONEY = { amountMinor: null, currency: null, method: null } as const;

function command(prefix: string, operation: string, overrides: Overrides): PaymentRequested {
  const merchantId = overrides.merchantId ?? randomId('mer');
  const accountId = `test:payable:${merchantId}:USD`;
  const account = { accountId, overdraftMinor: null, dailyAmountMinor: null, dailyCount: null };
  return own(prefix, operation, { ...NO_MONEY, merchantId, customerId: null, account, ...overrides });
}

const sandbox = { type: 'sandbox', methodId: null };
const line = {
  debitAccountId: 'test:fee_income:USD',
  creditAccountId: 'test:provider_clearing/sandbox:USD',
  currency: 'USD',
  amountMinor: 5n,
};

/** By operation; each takes what a test is about. */
export const requestOf = {
  pay: (overrides: Overrides = {}) => aPaymentRequested(overrides),
  authorize: (overrides: Overrides = {}) =>
    aPaymentRequested({
      operation: 'authorize',
      authorize: { expiresAt: TEST_TIME_MICROS + 7n * DAY_MICROS },
      ...overrides,
    }),
  capture: (overrides: Overrides = {}) => followUp('cap', 'capture', { capture: { final: true }, ...overrides }),
  cancel: (overrides: Overrides = {}) =>
    followUp('can', 'cancel', { ...NO_MONEY, cancel: { reasonCode: 'requested_by_customer' }, ...overrides }),
  expire: (overrides: Overrides = {}) => followUp('exp', 'expire', { ...NO_MONEY, ...overrides }),
  refund: (overrides: Overrides = {}) =>
    followUp('re', 'refund', {
      refund: { reasonCode: null, merchantRefundId: 'Return 7/2', rateChoice: null },
      ...overrides,
    }),
  transfer: (overrides: Overrides = {}) =>
    own('tr', 'transfer', {
      transfer: {
        purpose: 'repayment',
        legs: [
          { payeeCustomerId: randomId('cus'), amountMinor: 1_000n, purpose: 'principal' },
          { payeeCustomerId: randomId('cus'), amountMinor: 99n, purpose: null },
        ],
        platformFeeMinor: 10n,
        relatedPaymentId: randomId('tr'),
      },
      ...overrides,
    }),
  top_up: (overrides: Overrides = {}) => own('tu', 'top_up', { method: sandbox, ...overrides }),
  pay_out: (overrides: Overrides = {}) =>
    own('po', 'pay_out', {
      customerId: null,
      method: sandbox,
      payOut: { payeeType: 'merchant', destinationMethodId: null },
      ...overrides,
    }),
  limit: (overrides: Overrides = {}) => command('lim', 'limit', overrides),
  freeze: (overrides: Overrides = {}) => command('frz', 'freeze', overrides),
  unfreeze: (overrides: Overrides = {}) => command('unf', 'unfreeze', overrides),
  close: (overrides: Overrides = {}) => command('clo', 'close', overrides),
  correct: (overrides: Overrides = {}) =>
    own('cor', 'correct', {
      ...NO_MONEY,
      customerId: null,
      correction: { ofOperationId: randomId('pay'), lines: [line] },
      operator: anOperator(),
      ...overrides,
    }),
};

export type RequestedName = keyof typeof requestOf;
