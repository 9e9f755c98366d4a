// What our gateway could not have written is told apart, by name, from what it could.
import { HOUSE_MERCHANT_ID, keyOfOperation } from '@paystream/payments';
import { randomId, TEST_TIME_MICROS } from '@paystream/testkit';
import type { PaymentRequested } from '@paystream/topics';
import { describe, expect, test } from 'vitest';
import { checkRequest } from './check-request.ts';
import type { RequestedName } from './testing/requests.ts';
import { anOperator, aQuote, DAY_MICROS, requestOf } from './testing/requests.ts';

const names = Object.keys(requestOf) as RequestedName[];
const CUSTOMER = randomId('cus');
const MERCHANT = randomId('mer');

function check(requested: PaymentRequested, key: string | null = keyOfOperation(requested)): string {
  const checked = checkRequest(requested, key === null ? null : Buffer.from(key));
  return checked.kind === 'legal' ? 'legal' : checked.reason;
}

describe('every operation', () => {
  test.each(names)('%s as the gateway writes it is taken as it is', (name) => {
    const requested = requestOf[name]();
    expect(checkRequest(requested, Buffer.from(keyOfOperation(requested)))).toEqual({
      kind: 'legal',
      request: requested,
    });
  });

  test.each(names)('%s under another key is another’s', (name) => {
    for (const key of [null, '', randomId('cus')]) expect(check(requestOf[name](), key)).toBe('key_mismatch');
  });

  test.each(names)('%s with an id of another operation', (name) => {
    expect(check(requestOf[name]({ operationId: randomId('att') }))).toBe('invalid_operation_id');
  });

  test.each(names)('%s with the terms of another operation', (name) => {
    const another =
      name === 'capture'
        ? { payOut: { payeeType: 'merchant', destinationMethodId: null } }
        : { capture: { final: true } };
    expect(check(requestOf[name](another))).toBe('unexpected_terms');
  });

  test.each(names)('%s of the house is nobody’s but a correction', (name) => {
    const requested = requestOf[name]({ merchantId: HOUSE_MERCHANT_ID, merchantVersion: 0n });
    expect(check(requested)).toBe(name === 'correct' ? 'legal' : 'invalid_merchant_id');
  });

  test.each(['authorize', 'capture', 'refund', 'transfer', 'pay_out', 'limit', 'close', 'correct'] as const)(
    '%s without its terms',
    (name) => {
      const none = {
        authorize: null,
        capture: null,
        refund: null,
        transfer: null,
        payOut: null,
        account: null,
        correction: null,
      };
      expect(check(requestOf[name](none))).toBe('missing_terms');
    },
  );
});

test.each<[string, RequestedName, Partial<PaymentRequested>]>([
  ['unknown_operation', 'pay', { operation: 'gift' }],
  ['unknown_operation', 'pay', { operation: '' }],
  ['unsupported_operation', 'pay', { operation: 'resolve', operationId: randomId('res') }],
  ['unsupported_operation', 'pay', { operation: 'dispute', operationId: randomId('dis') }],
  ['invalid_operation_id', 'pay', { operationId: 'pay_1' }],
  ['invalid_payment_id', 'pay', { paymentId: randomId('pay') }],
  ['invalid_payment_id', 'transfer', { paymentId: randomId('tr') }],
  ['invalid_payment_id', 'capture', { paymentId: randomId('po') }],
  ['invalid_payment_id', 'correct', { paymentId: 'the first one' }],
  ['legal', 'correct', { paymentId: randomId('po') }],
  ['invalid_environment', 'pay', { environment: 'prod' }],
  ['invalid_merchant_id', 'pay', { merchantId: 'mer_\u0000' }],
  ['invalid_customer_id', 'pay', { customerId: null }],
  ['invalid_customer_id', 'refund', { customerId: null }],
  ['invalid_customer_id', 'pay', { customerId: 'cus_\ud800' }],
  ['invalid_amount', 'pay', { amountMinor: null }],
  ['invalid_amount', 'capture', { amountMinor: 0n }],
  ['invalid_amount', 'refund', { amountMinor: -1n }],
  ['invalid_amount', 'pay', { amountMinor: 2n ** 53n }],
  ['invalid_amount', 'pay', { amountMinor: 2n ** 63n - 1n }],
  ['invalid_amount', 'cancel', { amountMinor: 1n }],
  ['unknown_currency', 'pay', { currency: null }],
  ['unknown_currency', 'pay', { currency: 'usd' }],
  ['unknown_currency', 'cancel', { currency: 'ZZZ' }],
  ['unknown_currency', 'pay', { sourceCurrency: 'XXX' }],
  ['invalid_requested_at', 'pay', { requestedAt: 0n }],
  ['invalid_requested_at', 'pay', { requestedAt: 2n ** 63n - 1n }],
  ['invalid_merchant_version', 'pay', { merchantVersion: 0n }],
  ['invalid_method', 'pay', { method: null }],
  ['invalid_method', 'pay', { method: { type: 'cheque', methodId: null } }],
  ['invalid_method', 'pay', { method: { type: 'wallet', methodId: '4242424242424242' } }],
  ['invalid_method', 'capture', { method: { type: 'wallet', methodId: null } }],
  ['invalid_country', 'pay', { country: 'Germany' }],
  ['unexpected_terms', 'transfer', { sourceCurrency: 'EUR' }],
  ['unexpected_terms', 'refund', { sourceCurrency: 'EUR', quote: aQuote() }],
  ['unexpected_terms', 'pay', { operator: anOperator() }],
  ['unexpected_terms', 'pay', { resolve: { ofOperationId: randomId('pay'), decision: 'x', targetStatus: null } }],
  ['invalid_conversion', 'pay', { quote: aQuote() }],
  ['invalid_conversion', 'pay', { sourceCurrency: 'GBP', quote: aQuote() }],
  ['invalid_conversion', 'pay', { sourceCurrency: 'EUR', quote: aQuote({ toCurrency: 'JPY' }) }],
  ['invalid_conversion', 'pay', { sourceCurrency: 'EUR', quote: aQuote({ baseRate: '1e3' }) }],
  ['invalid_conversion', 'pay', { sourceCurrency: 'EUR', quote: aQuote({ markupBps: -1 }) }],
  ['invalid_conversion', 'pay', { sourceCurrency: 'EUR', quote: aQuote({ quoteId: 'mine' }) }],
  ['legal', 'pay', { sourceCurrency: 'EUR', quote: aQuote() }],
  ['legal', 'authorize', { sourceCurrency: 'EUR' }],
  ['legal', 'refund', { sourceCurrency: 'EUR' }],
  ['invalid_expiry', 'authorize', { authorize: { expiresAt: TEST_TIME_MICROS } }],
  ['legal', 'authorize', { authorize: { expiresAt: null } }],
  ['invalid_reason_code', 'cancel', { cancel: { reasonCode: 'he did not like it' } }],
  ['legal', 'cancel', { currency: 'USD', cancel: null }],
  ['invalid_refund', 'refund', { refund: { reasonCode: null, merchantRefundId: null, rateChoice: 'best' } }],
  ['invalid_refund', 'refund', { refund: { reasonCode: null, merchantRefundId: 'a\u0000', rateChoice: null } }],
  ['invalid_pay_out', 'pay_out', { payOut: { payeeType: 'customer', destinationMethodId: null } }],
  ['invalid_pay_out', 'pay_out', { customerId: CUSTOMER }],
  ['invalid_pay_out', 'pay_out', { payOut: { payeeType: 'merchant', destinationMethodId: 'DE00 1234' } }],
  ['legal', 'pay_out', { customerId: CUSTOMER, payOut: { payeeType: 'customer', destinationMethodId: null } }],
  ['invalid_operator', 'correct', { operator: null }],
  ['invalid_operator', 'freeze', { operator: anOperator({ operatorId: 'me' }) }],
  ['invalid_operator', 'freeze', { operator: anOperator({ reasonCode: 'because I can' }) }],
  ['legal', 'freeze', { operator: anOperator({ approverId: randomId('op') }) }],
])('%s: %s, case %#', (expected, name, overrides) => {
  expect(check(requestOf[name](overrides))).toBe(expected);
});

test('what says whose it is ends as failed, whatever it asks for; what does not is a dead letter', () => {
  const kindOf = (requested: PaymentRequested) => checkRequest(requested, Buffer.from(keyOfOperation(requested))).kind;
  expect(kindOf(requestOf.authorize({ authorize: { expiresAt: TEST_TIME_MICROS } }))).toBe('refused');
  expect(kindOf(requestOf.pay({ amountMinor: 0n }))).toBe('refused');
  expect(kindOf(requestOf.pay({ merchantId: 'mer_1' }))).toBe('nameless');
  // Under another key its order among the customer's operations would be chance, whatever it asks for.
  expect(checkRequest(requestOf.pay({ amountMinor: 0n }), Buffer.from('cus_1'))).toMatchObject({ kind: 'nameless' });
});

test('a hold may end when the door says so, and not a microsecond later', () => {
  const expiresAt = TEST_TIME_MICROS + 30n * DAY_MICROS;
  expect(check(requestOf.authorize({ authorize: { expiresAt } }))).toBe('legal');
  expect(check(requestOf.authorize({ authorize: { expiresAt: expiresAt + 1n } }))).toBe('invalid_expiry');
});

test('nobody approves what he has ordered himself', () => {
  const operatorId = randomId('op');
  expect(check(requestOf.close({ operator: anOperator({ operatorId, approverId: operatorId }) }))).toBe(
    'invalid_operator',
  );
});

describe('the legs of a transfer', () => {
  const leg = { payeeCustomerId: randomId('cus'), amountMinor: 1_099n, purpose: null };
  const terms = { purpose: 'loan', legs: [leg], platformFeeMinor: null, relatedPaymentId: null };

  test.each([
    ['legal', terms],
    ['legal', { ...terms, platformFeeMinor: 0n }],
    [
      'legal',
      {
        ...terms,
        legs: Array.from({ length: 100 }, (_, index) => ({ ...leg, amountMinor: index === 0 ? 1_000n : 1n })),
      },
    ],
    [
      'invalid_transfer',
      { ...terms, legs: Array.from({ length: 101 }, (_, index) => ({ ...leg, amountMinor: index === 0 ? 999n : 1n })) },
    ],
    ['invalid_transfer', { ...terms, legs: [] }],
    ['invalid_transfer', { ...terms, legs: [{ ...leg, amountMinor: 1_098n }] }],
    [
      'invalid_transfer',
      {
        ...terms,
        legs: [
          { ...leg, amountMinor: 1_100n },
          { ...leg, amountMinor: -1n },
        ],
      },
    ],
    ['invalid_transfer', { ...terms, legs: [leg, { ...leg, amountMinor: 0n }] }],
    ['invalid_transfer', { ...terms, legs: [{ ...leg, payeeCustomerId: CUSTOMER }] }],
    ['invalid_transfer', { ...terms, legs: [{ ...leg, payeeCustomerId: MERCHANT }] }],
    ['invalid_transfer', { ...terms, legs: [{ ...leg, purpose: 'for the car' }] }],
    ['invalid_transfer', { ...terms, purpose: 'fun' }],
    ['invalid_transfer', { ...terms, platformFeeMinor: -1n }],
    ['invalid_transfer', { ...terms, relatedPaymentId: 'the first one' }],
  ])('%s, case %#', (expected, transfer) => {
    expect(check(requestOf.transfer({ customerId: CUSTOMER, transfer }))).toBe(expected);
  });
});

describe('the account of a command', () => {
  const account = (accountId: string, limits = {}) => ({
    accountId,
    overdraftMinor: null,
    dailyAmountMinor: null,
    dailyCount: null,
    ...limits,
  });
  const wallet = `test:wallet:${CUSTOMER}:USD`;
  const payable = `test:payable:${MERCHANT}:USD`;

  test.each<[string, 'limit' | 'freeze', string | null, ReturnType<typeof account>]>([
    ['legal', 'freeze', CUSTOMER, account(wallet)],
    ['legal', 'freeze', null, account(payable)],
    ['invalid_account', 'freeze', null, account(wallet)],
    ['invalid_account', 'freeze', CUSTOMER, account(payable)],
    ['invalid_account', 'freeze', randomId('cus'), account(wallet)],
    ['invalid_account', 'freeze', null, account(`test:receivable:${MERCHANT}:USD`)],
    ['invalid_account', 'freeze', null, account('test:world:USD:p0')],
    ['invalid_account', 'freeze', null, account(`live:payable:${MERCHANT}:USD`)],
    ['invalid_account', 'freeze', null, account(`test:payable:${MERCHANT}:ZZZ`)],
    ['invalid_account', 'freeze', null, account('')],
    ['legal', 'limit', CUSTOMER, account(wallet, { overdraftMinor: 0n, dailyAmountMinor: 1n, dailyCount: 2n })],
    ['invalid_limits', 'limit', CUSTOMER, account(wallet, { dailyCount: -1n })],
    ['invalid_limits', 'limit', CUSTOMER, account(wallet, { overdraftMinor: 2n ** 53n })],
    ['invalid_limits', 'freeze', CUSTOMER, account(wallet, { overdraftMinor: 1n })],
  ])('%s: %s, case %#', (expected, name, customerId, terms) => {
    expect(check(requestOf[name]({ merchantId: MERCHANT, customerId, account: terms }))).toBe(expected);
  });
});

describe('the lines of a correction', () => {
  const line = {
    debitAccountId: `test:payable:${MERCHANT}:USD`,
    creditAccountId: 'test:fee_income:USD',
    currency: 'USD',
    amountMinor: 1n,
  };
  const ofOperationId = randomId('pay');

  test.each([
    ['legal', [line]],
    ['legal', Array.from({ length: 100 }, () => line)],
    ['invalid_correction', Array.from({ length: 101 }, () => line)],
    ['invalid_correction', []],
    ['invalid_correction', [line, { ...line, amountMinor: 0n }]],
    ['invalid_correction', [{ ...line, currency: 'EUR' }]],
    ['invalid_correction', [{ ...line, creditAccountId: line.debitAccountId }]],
    ['invalid_correction', [{ ...line, creditAccountId: 'test:fee_income:USD:p0' }]],
    ['invalid_correction', [{ ...line, creditAccountId: 'live:fee_income:USD' }]],
    ['invalid_correction', [{ ...line, creditAccountId: 'test:fee_income:EUR' }]],
    ['invalid_correction', [{ ...line, creditAccountId: 'test:wallet:somebody:USD' }]],
    ['invalid_correction', [{ ...line, creditAccountId: 'test:treasure:USD' }]],
    ['invalid_correction', [{ ...line, creditAccountId: `test:wallet:${MERCHANT}:USD` }]],
    ['invalid_correction', [{ ...line, creditAccountId: `test:payable:${CUSTOMER}:USD` }]],
    ['legal', [{ ...line, creditAccountId: `test:wallet:${CUSTOMER}:USD` }]],
  ])('%s, case %#', (expected, lines) => {
    expect(check(requestOf.correct({ merchantId: MERCHANT, correction: { ofOperationId, lines } }))).toBe(expected);
  });

  test('it is of an operation', () => {
    expect(check(requestOf.correct({ correction: { ofOperationId: 'yesterday', lines: [line] } }))).toBe(
      'invalid_correction',
    );
  });
});
