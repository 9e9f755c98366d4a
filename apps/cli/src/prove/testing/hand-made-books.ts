// Owns a small log and the books that follow from it, written down by hand: payments, a hold, a pay-out on its way, a dispute.

import { aPaymentProcessed, aPaymentProgressed, aPaymentSettled, TEST_TIME_MICROS } from '@paystream/testkit';
import type { PaymentProcessed, TopicValues } from '@paystream/topics';

/** Everything happens on this partition of two. */
export const PARTITION = 1;
/** The offset behind the last record. */
export const CUT = 8n;
/** Where the log holds bytes that are no record. */
export const GARBAGE_OFFSET = 4n;

export const MERCHANT = `mer_${'a'.repeat(32)}`;
export const CUSTOMER = `cus_${'d'.repeat(32)}`;
const PAYMENT = `pay_${'c'.repeat(32)}`;
const TOP_UP = `tu_${'d'.repeat(32)}`;
const DECLINED = `pay_${'e'.repeat(32)}`;
const HELD = `pay_${'1'.repeat(32)}`;
const PAY_OUT = `po_${'2'.repeat(32)}`;
const DISPUTE = `dis_${'3'.repeat(32)}`;
export const WALLET = `test:wallet:${CUSTOMER}:USD`;
const PAYABLE = `test:payable:${MERCHANT}:USD`;

const ids = { merchantId: MERCHANT, customerId: CUSTOMER };
const merchantOnly = { merchantId: MERCHANT, customerId: null, method: null };
const fee = {
  ruleId: 'r',
  ruleVersion: 1n,
  kind: 'processing',
  bearer: 'merchant',
  baseMinor: 1099n,
  percentBps: 290,
  fixedMinor: 30n,
  minMinor: null,
  maxMinor: null,
  refundPolicy: 'keep',
  tier: null,
  amountMinor: 62n,
  currency: 'USD',
};
const failure = {
  code: 'insufficient_funds',
  category: 'payment_method',
  stage: 'authorization',
  advice: 'retry_later',
  ruleId: null,
  ruleVersion: null,
  retryNotBefore: null,
  provider: null,
  providerCode: null,
  networkCode: null,
  networkAdvice: null,
  mappingVersion: null,
};
const fact = {
  type: 'dispute_opened',
  provider: 'sandbox',
  providerEventId: 'evt_1',
  providerReference: null,
  disputeId: 'dp_1',
  amountMinor: 100n,
  feeMinor: 15n,
  currency: 'USD',
  reasonCode: null,
  dueBy: null,
  occurredAt: TEST_TIME_MICROS,
};

const opened = { operationId: DISPUTE, operation: 'dispute', paymentId: PAYMENT, amountMinor: 100n, fact };
const payOut = { ...merchantOnly, operationId: PAY_OUT, operation: 'pay_out', amountMinor: 500n };

/** What was asked, by offset; nothing stands for the bytes that are no record. */
export const asked: readonly (PaymentProcessed | null)[] = [
  aPaymentProcessed({
    ...ids,
    operationId: TOP_UP,
    operation: 'top_up',
    amountMinor: 2_000n,
    method: { type: 'sandbox', methodId: null },
  }),
  aPaymentProcessed({ ...ids, operationId: PAYMENT, fees: [fee] }),
  aPaymentProcessed({ ...ids, operationId: PAYMENT, fees: [fee] }),
  aPaymentProcessed({ ...ids, operationId: DECLINED }),
  null,
  aPaymentProcessed({
    ...ids,
    operationId: HELD,
    operation: 'authorize',
    amountMinor: 300n,
    authorize: { expiresAt: TEST_TIME_MICROS + 1n },
  }),
  aPaymentProcessed({ ...payOut, payOut: { payeeType: 'merchant', destinationMethodId: null } }),
  aPaymentProcessed({ ...ids, ...opened, kind: 'fact', method: null }),
];

const state = {
  heldChangeMinor: 0n,
  heldMinor: 0n,
  currency: 'USD',
  changed: true,
  status: 'open',
  overdraftMinor: 0n,
};
const wallet = { ...state, accountId: WALLET, kind: 'wallet', ownerId: CUSTOMER, counterpartyId: null };
const payable = { ...state, accountId: PAYABLE, kind: 'payable', ownerId: MERCHANT, counterpartyId: CUSTOMER };
const sums = { capturePendingMinor: 0n, refundedMinor: 0n, refundPendingMinor: 0n, disputedMinor: 0n };
const at = (sourceOffset: bigint, ledgerNumber: bigint, ledgerIndex: number) => ({
  sourcePartition: PARTITION,
  sourceOffset,
  ledgerNumber,
  ledgerIndex,
});

type Said = {
  [Topic in 'payment.settled' | 'payment.progressed']: { readonly topic: Topic; readonly value: TopicValues[Topic] };
}['payment.settled' | 'payment.progressed'];

/** What accounts say, by source offset. */
export const outcomes: Readonly<Partial<Record<string, Said>>> = {
  0: {
    topic: 'payment.settled',
    value: aPaymentSettled({
      ...ids,
      ...at(0n, 3n, 0),
      operationId: TOP_UP,
      operation: 'top_up',
      amountMinor: 2000n,
      balances: [{ ...wallet, postedChangeMinor: 2000n, postedMinor: 2000n, version: 1n }],
    }),
  },
  1: {
    topic: 'payment.settled',
    value: aPaymentSettled({
      ...ids,
      ...at(1n, 3n, 1),
      operationId: PAYMENT,
      fees: [fee],
      payment: { ...sums, authorizedMinor: 1099n, capturedMinor: 1099n },
      balances: [
        { ...payable, postedChangeMinor: 1037n, postedMinor: 1037n, version: 1n },
        { ...wallet, postedChangeMinor: -1099n, postedMinor: 901n, version: 2n },
      ],
    }),
  },
  3: {
    topic: 'payment.settled',
    value: aPaymentSettled({
      ...ids,
      ...at(3n, 5n, 0),
      operationId: DECLINED,
      status: 'failed',
      paymentStatus: 'failed',
      failure,
      balances: [{ ...wallet, changed: false, postedChangeMinor: 0n, postedMinor: 901n, version: 2n }],
    }),
  },
  5: {
    topic: 'payment.settled',
    value: aPaymentSettled({
      ...ids,
      ...at(5n, 5n, 1),
      operationId: HELD,
      operation: 'authorize',
      amountMinor: 300n,
      paymentStatus: 'authorized',
      payment: { ...sums, authorizedMinor: 300n, capturedMinor: 0n },
      balances: [
        { ...wallet, postedChangeMinor: 0n, heldChangeMinor: 300n, postedMinor: 901n, heldMinor: 300n, version: 3n },
      ],
    }),
  },
  6: {
    topic: 'payment.progressed',
    value: aPaymentProgressed({
      ...at(6n, 5n, 2),
      merchantId: MERCHANT,
      customerId: null,
      operationId: PAY_OUT,
      operation: 'pay_out',
      amountMinor: 500n,
      balances: [{ ...payable, postedChangeMinor: -500n, postedMinor: 537n, version: 2n }],
    }),
  },
  7: {
    topic: 'payment.settled',
    value: aPaymentSettled({
      ...ids,
      ...opened,
      ...at(7n, 6n, 0),
      paymentStatus: 'disputed',
      payment: { ...sums, authorizedMinor: 1099n, capturedMinor: 1099n, disputedMinor: 100n },
      balances: [{ ...payable, postedChangeMinor: -115n, postedMinor: 422n, version: 3n }],
    }),
  },
};

/** What someone else tells on the same topic, of what it waits for: it decides nothing. */
export const waiting = aPaymentProgressed({
  ...{ sourcePartition: null, sourceOffset: null, ledgerNumber: null, ledgerIndex: null },
  status: 'requires_action',
});

/** Fee lines as the books keep them: bigints as text. */
const FEES = JSON.stringify([fee], (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value));

const DAY = TEST_TIME_MICROS / 86_400_000_000n;
const P1 = `USD:p${PARTITION}`;

/** The books that follow. */
export const statements: readonly string[] = [
  `SELECT setval('ledger_numbers', 6)`,
  `INSERT INTO consumer_offsets VALUES ('accounts', 'payment.processed', ${PARTITION}, ${CUT})`,
  `INSERT INTO operations (operation_id, pass, ledger_number, index, source_partition, source_offset, operation, payment_id, outcome, failure_code)
   VALUES ('${TOP_UP}', 1, 3, 0, ${PARTITION}, 0, 'top_up', '${TOP_UP}', 'succeeded', NULL),
          ('${PAYMENT}', 1, 3, 1, ${PARTITION}, 1, 'pay', '${PAYMENT}', 'succeeded', NULL),
          ('${DECLINED}', 1, 5, 0, ${PARTITION}, 3, 'pay', '${DECLINED}', 'failed', 'insufficient_funds'),
          ('${HELD}', 1, 5, 1, ${PARTITION}, 5, 'authorize', '${HELD}', 'succeeded', NULL),
          ('${PAY_OUT}', 1, 5, 2, ${PARTITION}, 6, 'pay_out', '${PAY_OUT}', 'admitted', NULL),
          ('${DISPUTE}', 1, 6, 0, ${PARTITION}, 7, 'dispute', '${PAYMENT}', 'succeeded', NULL)`,
  `INSERT INTO postings (ledger_number, index, line, debit_account, credit_account, currency, amount)
   VALUES (3, 0, 0, 'test:world:${P1}', '${WALLET}', 'USD', 2000),
          (3, 1, 0, '${WALLET}', '${PAYABLE}', 'USD', 1037),
          (3, 1, 1, '${WALLET}', 'test:fee_income:${P1}', 'USD', 62),
          (5, 2, 0, '${PAYABLE}', 'test:payout_in_transit:${P1}', 'USD', 500),
          (6, 0, 0, '${PAYABLE}', 'test:disputed:${P1}', 'USD', 115)`,
  `INSERT INTO accounts (id, currency, checked, posted, held, version, spent_day, spent_amount, spent_count)
   VALUES ('test:world:${P1}', 'USD', false, -2000, 0, 1, 0, 0, 0),
          ('${WALLET}', 'USD', true, 901, 300, 3, ${DAY}, 1399, 2),
          ('${PAYABLE}', 'USD', true, 422, 0, 3, ${DAY}, 500, 1),
          ('test:fee_income:${P1}', 'USD', false, 62, 0, 1, 0, 0, 0),
          ('test:payout_in_transit:${P1}', 'USD', false, 500, 0, 1, 0, 0, 0),
          ('test:disputed:${P1}', 'USD', false, 115, 0, 1, 0, 0, 0)`,
  `INSERT INTO payments (payment_id, environment, merchant_id, customer_id, currency, amount, rules_version, fees, kind, status, authorized, captured, disputed, expires_at)
   VALUES ('${PAYMENT}', 'test', '${MERCHANT}', '${CUSTOMER}', 'USD', 1099, 1, '${FEES}', 'payment', 'disputed', 1099, 1099, 100, NULL),
          ('${HELD}', 'test', '${MERCHANT}', '${CUSTOMER}', 'USD', 300, 1, '[]', 'payment', 'authorized', 300, 0, 0, ${TEST_TIME_MICROS + 1n}),
          ('${PAY_OUT}', 'test', '${MERCHANT}', NULL, 'USD', 500, 1, '[]', 'pay_out', 'in_transit', 0, 0, 0, NULL)`,
  `INSERT INTO disputes (dispute_id, payment_id, environment, merchant_id, customer_id, currency, amount, fee, from_receivable, source, status)
   VALUES ('dp_1', '${PAYMENT}', 'test', '${MERCHANT}', '${CUSTOMER}', 'USD', 100, 15, 0, 'merchant', 'open')`,
];
