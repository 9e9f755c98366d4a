// Makes events of payment.processed for every operation beside pay and top-up, each following the event it is about.
import { failureOf } from '@paystream/payments';
import { aPaymentProcessed, randomId, TEST_TIME_MICROS } from '@paystream/testkit';
import type { FxConversion, OutsideFact, PaymentProcessed } from '@paystream/topics';

const DAY_MICROS = 86_400_000_000n;

type Overrides = Partial<PaymentProcessed>;

/** An authorization of 10.99 USD from a wallet; its hold ends a week later. */
export function anAuthorize(overrides: Overrides = {}): PaymentProcessed {
  const expiresAt = TEST_TIME_MICROS + 7n * DAY_MICROS;
  return aPaymentProcessed({ operation: 'authorize', authorize: { expiresAt }, ...overrides });
}

/** 10.99 USD out of a wallet in EUR at 1.25 with 1 %: 8.792 EUR are collected as 8.80, and the markup is 0.09. */
export function aConversion(): FxConversion {
  return {
    fromCurrency: 'EUR',
    toCurrency: 'USD',
    fromAmountMinor: 8_89n,
    toAmountMinor: 10_99n,
    baseRate: '1.25',
    markupBps: 100,
    markupMinor: 9n,
    roundingMinor: 1n,
    roundingCurrency: 'EUR',
    rateSource: 'ecb',
    ratePublishedAt: TEST_TIME_MICROS - DAY_MICROS,
    quoteId: null,
  };
}

/** A capture of all that is authorized. */
export function aCapture(of: PaymentProcessed, { final = false, ...overrides }: Overrides & { final?: boolean } = {}) {
  return following(of, 'cap', { operation: 'capture', capture: { final }, amountMinor: of.amountMinor, ...overrides });
}

export function aCancel(of: PaymentProcessed): PaymentProcessed {
  return following(of, 'can', { operation: 'cancel', cancel: { reasonCode: null } });
}

/** The end of a hold, at the time it was to end. */
export function anExpiry(of: PaymentProcessed): PaymentProcessed {
  const requestedAt = of.authorize?.expiresAt ?? of.requestedAt;
  return following(of, 'exp', { operation: 'expire', cancel: { reasonCode: null }, requestedAt });
}

/** A refund of the whole at the payment's own rate. */
export function aRefund(of: PaymentProcessed, overrides: Overrides = {}): PaymentProcessed {
  const refund = { reasonCode: null, merchantRefundId: null, rateChoice: null };
  return following(of, 're', { operation: 'refund', refund, amountMinor: of.amountMinor, ...overrides });
}

/** A transfer from a customer to others, in USD. */
export function aTransfer(
  legs: readonly { payeeCustomerId: string; amountMinor: bigint }[],
  overrides: Overrides & { platformFeeMinor?: bigint } = {},
): PaymentProcessed {
  const { platformFeeMinor = null, ...rest } = overrides;
  const operationId = randomId('tr');
  return aPaymentProcessed({
    operation: 'transfer',
    operationId,
    transfer: {
      purpose: 'loan',
      legs: legs.map((leg) => ({ ...leg, purpose: null })),
      platformFeeMinor,
      relatedPaymentId: null,
    },
    amountMinor: legs.reduce((sum, leg) => sum + leg.amountMinor, 0n),
    ...rest,
  });
}

/** A pay-out of 10.99 USD: out of the customer's wallet when it names one, else of the merchant's balance. */
export function aPayOut(overrides: Overrides = {}): PaymentProcessed {
  const operationId = randomId('po');
  const payeeType = overrides.customerId === null ? 'merchant' : 'customer';
  return aPaymentProcessed({
    operation: 'pay_out',
    operationId,
    method: { type: 'sandbox', methodId: null },
    payOut: { payeeType, destinationMethodId: null },
    ...overrides,
  });
}

/** What facts about a pay-out become. */
const OF_PAY_OUTS: Readonly<Record<string, string>> = {
  pay_out_paid: 'report',
  pay_out_failed: 'report',
  pay_out_returned: 'return',
};

/** A fact about a payment or pay-out. */
export function aFact(of: PaymentProcessed, fact: Partial<OutsideFact> & { type: string }): PaymentProcessed {
  const { amountMinor, currency, requestedAt } = of;
  return following(of, 'dis', {
    operation: OF_PAY_OUTS[fact.type] ?? 'dispute',
    kind: 'fact',
    failure: fact.type === 'pay_out_failed' ? failureOf('processing_error') : null,
    currency: fact.currency ?? currency,
    amountMinor: fact.amountMinor ?? amountMinor,
    method: null,
    fact: {
      provider: 'sandbox',
      providerEventId: randomId('pev'),
      providerReference: null,
      disputeId: null,
      amountMinor,
      feeMinor: null,
      currency,
      reasonCode: null,
      dueBy: null,
      occurredAt: requestedAt,
      ...fact,
    },
  });
}

/** A command upon the wallet of a customer in USD. */
export function aCommand(
  operation: 'freeze' | 'unfreeze' | 'close' | 'limit',
  { customerId, ...terms }: Partial<NonNullable<PaymentProcessed['account']>> & { customerId: string },
): PaymentProcessed {
  const prefix = { freeze: 'frz', unfreeze: 'unf', close: 'clo', limit: 'lim' }[operation];
  return aPaymentProcessed({
    operation,
    operationId: randomId(prefix),
    customerId,
    amountMinor: null,
    currency: null,
    method: null,
    account: {
      accountId: `test:wallet:${customerId}:USD`,
      overdraftMinor: null,
      dailyAmountMinor: null,
      dailyCount: null,
      ...terms,
    },
  });
}

/** A correction of an operation, with the postings it makes instead. */
export function aCorrection(
  of: PaymentProcessed,
  lines: NonNullable<PaymentProcessed['correction']>['lines'],
): PaymentProcessed {
  return following(of, 'cor', {
    operation: 'correct',
    amountMinor: null,
    currency: null,
    correction: { ofOperationId: of.operationId, lines },
  });
}

/** An event about another one's payment, with its people and its currency. */
function following(of: PaymentProcessed, prefix: string, overrides: Overrides): PaymentProcessed {
  const { paymentId, merchantId, customerId, currency } = of;
  return aPaymentProcessed({
    operationId: randomId(prefix),
    ...{ paymentId, merchantId, customerId, currency },
    amountMinor: null,
    ...overrides,
  });
}
