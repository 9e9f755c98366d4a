// Shows what each operation leaves in the books and says on the topics, through the real app.
import { randomId, TEST_TIME_MICROS } from '@paystream/testkit';
import type { PaymentProcessed } from '@paystream/topics';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findFaults } from './testing/check-books.ts';
import { aFee, aPay, aTopUp } from './testing/events.ts';
import type { Harness } from './testing/harness.ts';
import { createHarness } from './testing/harness.ts';
import {
  aCancel,
  aCapture,
  aCommand,
  aConversion,
  aCorrection,
  aFact,
  anAuthorize,
  anExpiry,
  aPayOut,
  aRefund,
  aTransfer,
} from './testing/operations.ts';

/** Books after these events, given one by one when `batchSizeMax` is 1, and all in one batch when it is not given. */
async function after(events: readonly PaymentProcessed[], batchSizeMax?: number): Promise<Harness> {
  const harness = await createHarness({ partitions: 1 });
  onTestFinished(harness.close);
  await harness.process(events);
  await harness.startInstance(batchSizeMax === undefined ? {} : { batchSizeMax });
  await harness.untilDone();
  expect(harness.deadLetters.map(({ headers }) => `${headers['dlq_reason']}`)).toEqual([]);
  expect(await findFaults(harness.database)).toEqual([]);
  return harness;
}

/** Operation, its status and that of its payment, or its failure: what became of each, in order. */
const settledIn = ({ settled }: Harness) =>
  settled.map(({ value }) => [value.operation, value.failure?.code ?? value.status, value.paymentStatus]);

const toldIn = ({ notifications }: Harness) =>
  notifications.map(({ value }) => [value.template, value.customerId, value.amountMinor, value.balanceMinor]);

async function balancesIn({ database }: Harness): Promise<Record<string, bigint>> {
  const rows = await database.query<{ id: string; posted: bigint }>({
    text: 'SELECT id, posted FROM accounts WHERE posted <> 0 ORDER BY id',
  });
  return Object.fromEntries(rows.map(({ id, posted }) => [id, posted]));
}

/** All rows but their places in the order of the books. */
async function rowsIn({ database }: Harness) {
  const read = (text: string) => database.query<object>({ text });
  return {
    accounts: await read('SELECT id, posted, held, version, spent_amount, spent_count FROM accounts ORDER BY id'),
    payments: await read('SELECT * FROM payments ORDER BY payment_id'),
    disputes: await read('SELECT * FROM disputes ORDER BY dispute_id'),
    postings: await read(`SELECT operation_id, line, debit_account, credit_account, amount
                            FROM postings JOIN operations USING (ledger_number, index) ORDER BY operation_id, pass, line`),
  };
}

describe('a payment that is authorized first', () => {
  const topUp = aTopUp({ amountMinor: 50_00n });
  const { customerId } = topUp;
  const authorize = anAuthorize({ customerId, fees: [{ ...aFee(62n), refundPolicy: 'return_proportional' }] });
  const payable = `test:payable:${authorize.merchantId}:USD`;
  const wallet = `test:wallet:${customerId}:USD`;
  const story = [
    topUp,
    authorize,
    aCapture(authorize, { amountMinor: 4_00n }),
    aCapture(authorize, { amountMinor: 8_00n }),
    aCapture(authorize, { amountMinor: 6_00n, final: true }),
    aCapture(authorize, { amountMinor: 1n }),
    aRefund(authorize, { amountMinor: 4_00n }),
    aRefund(authorize, { amountMinor: 6_01n }),
    aRefund(authorize, { amountMinor: 6_00n }),
  ];

  test('is captured in parts and given back, each record of one batch seeing what those before it left', async () => {
    const harness = await after(story);
    expect(settledIn(harness)).toEqual([
      ['top_up', 'succeeded', 'succeeded'],
      ['authorize', 'succeeded', 'authorized'],
      ['capture', 'succeeded', 'partially_captured'],
      ['capture', 'exceeds_authorized_amount', 'partially_captured'],
      ['capture', 'succeeded', 'succeeded'],
      ['capture', 'already_captured', 'succeeded'],
      ['refund', 'succeeded', 'partially_refunded'],
      ['refund', 'refund_exceeds_captured', 'partially_refunded'],
      ['refund', 'succeeded', 'refunded'],
    ]);
    const [, held, first, tooMuch, , , , , last] = harness.settled.map(({ value }) => value);
    expect(held).toMatchObject({
      fees: [],
      balances: [{ accountId: wallet, postedChangeMinor: 0n, heldChangeMinor: 10_99n, heldMinor: 10_99n, version: 2n }],
    });
    // 2.9 % of 4.00 and 0.30.
    expect(first).toMatchObject({
      fees: [{ amountMinor: 42n }],
      payment: { authorizedMinor: 10_99n, capturedMinor: 4_00n, refundedMinor: 0n },
      balances: [
        { accountId: payable, postedMinor: 3_58n, counterpartyId: customerId },
        { accountId: wallet, postedMinor: 46_00n, heldMinor: 6_99n },
      ],
    });
    expect(tooMuch).toMatchObject({ fees: [], payment: { capturedMinor: 4_00n }, balances: [{}, { changed: false }] });
    expect(last).toMatchObject({ payment: { capturedMinor: 10_00n, refundedMinor: 10_00n } });
    expect(await balancesIn(harness)).toEqual({ [wallet]: 50_00n, 'test:world:USD:p0': -50_00n });
    expect(toldIn(harness)).toEqual([
      ['top_up_succeeded', customerId, 50_00n, 50_00n],
      ['payment_authorized', customerId, 10_99n, 50_00n],
      ['payment_captured', customerId, 4_00n, 46_00n],
      ['payment_captured', customerId, 6_00n, 40_00n],
      ['refund_succeeded', customerId, 4_00n, 44_00n],
      ['refund_succeeded', customerId, 6_00n, 50_00n],
    ]);
  });

  test('leaves the same rows whether its records come in one batch or one by one', async () => {
    const [whole, single] = [await after(story), await after(story, 1)];
    expect(await rowsIn(single)).toEqual(await rowsIn(whole));
    expect(settledIn(single)).toEqual(settledIn(whole));
  });

  test('is released by a cancel, and by its expiry when that is due', async () => {
    const [canceled, expired] = [anAuthorize({ customerId }), anAuthorize({ customerId })];
    const tooEarly = { ...anExpiry(expired), requestedAt: TEST_TIME_MICROS };
    const events = [
      ...[topUp, canceled, expired, aCancel(canceled), aCancel(canceled)],
      ...[tooEarly, anExpiry(expired), aCapture(expired)],
    ];
    const harness = await after(events, 3);
    expect(settledIn(harness).slice(3)).toEqual([
      ['cancel', 'succeeded', 'canceled'],
      ['cancel', 'already_voided', 'canceled'],
      ['expire', 'payment_not_capturable', 'authorized'],
      ['expire', 'succeeded', 'expired'],
      ['capture', 'hold_expired', 'expired'],
    ]);
    expect(toldIn(harness).slice(3)).toEqual([
      ['hold_released', customerId, 10_99n, 50_00n],
      ['hold_released', customerId, 10_99n, 50_00n],
    ]);
  });

  test('from a wallet in another currency, is priced by the rate on its row, to the last cent', async () => {
    const euros = aTopUp({ customerId, amountMinor: 20_00n, currency: 'EUR' });
    const converted = anAuthorize({ customerId, sourceCurrency: 'EUR', fx: aConversion() });
    const events = [
      euros,
      converted,
      aCapture(converted, { amountMinor: 5_00n }),
      aCapture(converted, { amountMinor: 5_99n }),
      aRefund(converted),
    ];
    const harness = await after(events, 1);
    // The markup is not given back; all else is as it was.
    expect(await balancesIn(harness)).toMatchObject({
      [`test:wallet:${customerId}:EUR`]: 20_00n - 9n,
      'test:fee_income:EUR:p0': 9n,
      'test:world:EUR:p0': -20_00n,
    });
    const [, authorized, captured] = harness.settled.map(({ value }) => value);
    expect(authorized).toMatchObject({ fx: aConversion(), balances: [{ heldChangeMinor: 8_89n }] });
    expect(captured).toMatchObject({ fx: null });
    // Amounts are in USD and the wallet is not: no balance is told beside them.
    expect(toldIn(harness).slice(1)).toEqual([
      ['payment_authorized', customerId, 10_99n, null],
      ['payment_captured', customerId, 5_00n, null],
      ['payment_captured', customerId, 5_99n, null],
      ['refund_succeeded', customerId, 10_99n, null],
    ]);
  });
});

describe('a transfer', () => {
  test('gives to all payees or to none, and tells each of them once', async () => {
    const topUp = aTopUp({ amountMinor: 20_00n });
    const { customerId } = topUp;
    const [lender, other] = [randomId('cus'), randomId('cus')];
    const legs = [
      { payeeCustomerId: lender, amountMinor: 5_00n },
      { payeeCustomerId: other, amountMinor: 3_00n },
      { payeeCustomerId: lender, amountMinor: 1_00n },
    ];
    const transfer = aTransfer(legs, { customerId, platformFeeMinor: 50n });
    const again = aTransfer(legs, { customerId });
    const tooMuch = aTransfer(legs, { customerId });
    const harness = await after([topUp, transfer, again, tooMuch]);
    expect(settledIn(harness).slice(1)).toEqual([
      ['transfer', 'succeeded', 'succeeded'],
      ['transfer', 'succeeded', 'succeeded'],
      ['transfer', 'insufficient_funds', 'failed'],
    ]);
    expect(await balancesIn(harness)).toMatchObject({
      [`test:wallet:${customerId}:USD`]: 1_50n,
      [`test:wallet:${lender}:USD`]: 12_00n,
      [`test:wallet:${other}:USD`]: 6_00n,
      [`test:payable:${transfer.merchantId}:USD`]: 50n,
    });
    // Each account once, also that of a payee who is named twice; the merchant only where he takes part.
    const changes = harness.settled.slice(1).map(({ value }) => value.balances.map((one) => one.postedChangeMinor));
    expect(changes.map((one) => one.toSorted((a, b) => Number(a - b)))).toEqual([
      [-9_50n, 50n, 3_00n, 6_00n],
      [-9_00n, 3_00n, 6_00n],
      [0n, 0n, 0n],
    ]);
    expect(toldIn(harness).slice(1)).toEqual([
      ['transfer_sent', customerId, 9_00n, 10_50n],
      ['transfer_received', lender, 6_00n, 6_00n],
      ['transfer_received', other, 3_00n, 3_00n],
      ['transfer_sent', customerId, 9_00n, 1_50n],
      ['transfer_received', lender, 6_00n, 12_00n],
      ['transfer_received', other, 3_00n, 6_00n],
      ['transfer_failed', customerId, 9_00n, 1_50n],
    ]);
    const { notifications } = harness;
    expect(new Set(notifications.map(({ value }) => value.notificationId)).size).toBe(notifications.length);
    for (const { record, value } of notifications) expect(record.key?.toString()).toBe(value.customerId);
  });
});

describe('a pay-out', () => {
  const topUp = aTopUp({ amountMinor: 20_00n });
  const { customerId } = topUp;
  const wallet = `test:wallet:${customerId}:USD`;

  test('is admitted, and settles once by what is reported of it, however often that comes', async () => {
    const payOut = aPayOut({ customerId, fees: [aFee(62n)] });
    const paid = aFact(payOut, { type: 'pay_out_paid' });
    const harness = await after([topUp, payOut, payOut, paid, paid, aFact(payOut, { type: 'pay_out_paid' })]);
    expect(harness.progressed.map(({ value }) => value)).toMatchObject([
      { operationId: payOut.operationId, status: 'in_transit', amountMinor: 10_99n, sourceOffset: 1n, ledgerIndex: 1 },
    ]);
    const [progressed] = harness.progressed;
    expect(progressed?.record.key?.toString()).toBe(customerId);
    expect(`${progressed?.record.headers['ce_id']}`).toBe(`${payOut.operationId}.payment.progressed.1`);
    // Told under another id it is an operation of its own, of which nothing follows.
    expect(settledIn(harness).slice(1)).toEqual([
      ['pay_out', 'succeeded', 'paid'],
      ['report', 'succeeded', 'paid'],
    ]);
    expect(harness.settled[1]?.value).toMatchObject({ operationId: payOut.operationId, fact: paid.fact });
    expect(`${harness.settled[1]?.record.headers['ce_id']}`).toBe(`${payOut.operationId}.payment.settled.1`);
    expect(await balancesIn(harness)).toEqual({
      [wallet]: 8_39n,
      'test:fee_income:USD:p0': 62n,
      'test:world:USD:p0': -9_01n,
    });
    expect(toldIn(harness).slice(1)).toEqual([['pay_out_sent', customerId, 10_99n, 8_39n]]);
  });

  test('that is declined outside, or comes back, is in the wallet again', async () => {
    const [declined, returned, tooMuch] = [
      aPayOut({ customerId, fees: [aFee(62n)] }),
      aPayOut({ customerId }),
      aPayOut({ customerId, amountMinor: 30_00n }),
    ];
    const events = [
      ...[topUp, declined, aFact(declined, { type: 'pay_out_failed' })],
      ...[returned, aFact(returned, { type: 'pay_out_paid' }), aFact(returned, { type: 'pay_out_returned' }), tooMuch],
    ];
    const harness = await after(events, 1);
    expect(settledIn(harness).slice(1)).toEqual([
      ['pay_out', 'processing_error', 'failed'],
      ['pay_out', 'succeeded', 'paid'],
      ['return', 'succeeded', 'returned'],
      ['pay_out', 'insufficient_funds', 'failed'],
    ]);
    // Taken at admission and given back: in the end there is no fee.
    expect(harness.settled[1]?.value.fees).toEqual([]);
    expect(await balancesIn(harness)).toEqual({ [wallet]: 20_00n, 'test:world:USD:p0': -20_00n });
    expect(toldIn(harness).slice(1)).toEqual([
      ['pay_out_failed', customerId, 10_99n, 20_00n],
      ['pay_out_sent', customerId, 10_99n, 9_01n],
      ['pay_out_returned', customerId, 10_99n, 20_00n],
      ['pay_out_failed', customerId, 30_00n, 20_00n],
    ]);
  });

  test('of a merchant takes what he owes first, and no customer is told', async () => {
    const pay = aPay({ customerId });
    const disputeId = randomId('dp');
    const opened = aFact(pay, { type: 'dispute_opened', disputeId, feeMinor: 15_00n });
    const next = aPay({ customerId, merchantId: pay.merchantId, amountMinor: 5_00n });
    const harness = await createHarness({ partitions: 1 });
    onTestFinished(harness.close);
    const { merchantId } = pay;
    await harness.process([aTopUp({ customerId, amountMinor: 50_00n }), pay, opened]);
    await harness.process([
      { ...next, amountMinor: 20_00n },
      aPayOut({ customerId: null, merchantId, amountMinor: 4_00n }),
    ]);
    await harness.startInstance();
    await harness.untilDone();
    expect(harness.settled.map(({ value }) => value.status)).toEqual(Array.from({ length: 4 }, () => 'succeeded'));
    expect(await balancesIn(harness)).toMatchObject({
      [`test:payable:${merchantId}:USD`]: 1_00n,
      'test:disputed:USD:p0': 25_99n,
      'test:payout_in_transit:USD:p0': 4_00n,
    });
    expect(harness.progressed).toHaveLength(1);
    expect(harness.notifications.map(({ value }) => value.template)).not.toContain('pay_out_sent');
    expect(await findFaults(harness.database)).toEqual([]);
  });
});

describe('what has happened outside, and what operators order', () => {
  test('a dispute sets the money aside until it is won or lost, across batches', async () => {
    const topUp = aTopUp({ amountMinor: 50_00n });
    const { customerId } = topUp;
    const [lost, won] = [aPay({ customerId }), aPay({ customerId })];
    const about = (disputeId: string, feeMinor: bigint) => ({ disputeId, feeMinor });
    const [first, second] = [about(randomId('dp'), 15_00n), about(randomId('dp'), 0n)];
    const events = [
      ...[topUp, lost, won, aFact(lost, { type: 'dispute_opened', ...first }), aRefund(lost)],
      ...[aFact(won, { type: 'dispute_opened', ...second }), aFact(won, { type: 'dispute_opened', ...second })],
      ...[aFact(lost, { type: 'dispute_lost', ...first }), aFact(won, { type: 'dispute_won', ...second })],
    ];
    const harness = await after(events, 2);
    expect(settledIn(harness).slice(3)).toEqual([
      ['dispute', 'succeeded', 'disputed'],
      ['refund', 'payment_disputed', 'disputed'],
      ['dispute', 'succeeded', 'disputed'],
      ['dispute', 'manual_review', 'disputed'],
      ['dispute', 'succeeded', 'charged_back'],
      ['dispute', 'succeeded', 'succeeded'],
    ]);
    expect(harness.settled[3]?.value).toMatchObject({ fact: { ...first }, payment: { disputedMinor: 10_99n } });
    expect(await balancesIn(harness)).toMatchObject({
      [`test:wallet:${customerId}:USD`]: 39_01n,
      'test:fee_income:USD:p0': 15_00n,
    });
    const disputes = await harness.database.query<object>({ text: 'SELECT status FROM disputes ORDER BY status' });
    expect(disputes).toEqual([{ status: 'lost' }, { status: 'won' }]);
  });

  test('a correction is made once, whether the second comes in the same batch or later', async () => {
    const topUp = aTopUp({ amountMinor: 50_00n });
    const [line] = [{ debitAccountId: `test:wallet:${topUp.customerId}:USD`, creditAccountId: 'test:world:USD' }];
    const correct = () => aCorrection(topUp, [{ ...line, currency: 'USD', amountMinor: 40_00n }]);
    const harness = await after([topUp, correct(), correct()]);
    await harness.process([correct()]);
    await harness.untilDone();
    expect(harness.settled.slice(1).map(({ value }) => value.failure?.code ?? value.status)).toEqual([
      'succeeded',
      'duplicate',
      'duplicate',
    ]);
    expect(await balancesIn(harness)).toMatchObject({ [`test:wallet:${topUp.customerId}:USD`]: 10_00n });
  });

  test('a wallet is frozen, freed, limited and closed, and its customer told', async () => {
    const topUp = aTopUp();
    const { customerId } = topUp;
    if (customerId === null) throw new Error('a top-up has a customer');
    const events = [
      ...[topUp, aCommand('freeze', { customerId }), aPay({ customerId }), aCommand('unfreeze', { customerId })],
      ...[aCommand('limit', { customerId, overdraftMinor: 1n, dailyAmountMinor: 10_99n, dailyCount: 1n })],
      ...[aPay({ customerId, amountMinor: 11_00n }), aPay({ customerId }), aPay({ customerId, amountMinor: 1n })],
      ...[aCommand('close', { customerId }), aPay({ customerId })],
    ];
    const harness = await after(events, 4);
    expect(settledIn(harness).map(([operation, outcome]) => `${operation} ${outcome}`)).toEqual([
      ...['top_up succeeded', 'freeze succeeded', 'pay account_frozen', 'unfreeze succeeded', 'limit succeeded'],
      ...['pay velocity_limit_exceeded', 'pay succeeded', 'pay velocity_limit_exceeded', 'close succeeded'],
      'pay account_closed_or_invalid',
    ]);
    const [frozen, limited, refused] = [1, 4, 5].map((at) => harness.settled[at]?.value);
    expect(frozen?.balances).toMatchObject([{ status: 'frozen', version: 2n, changed: true }]);
    expect(limited?.balances).toMatchObject([{ status: 'open', overdraftMinor: 1n, version: 4n }]);
    expect(refused?.decisions).toMatchObject([{ ruleId: 'account.daily_amount', observed: 11_00n, bound: 10_99n }]);
    expect(toldIn(harness).map(([template, , amountMinor]) => [template, amountMinor])).toEqual([
      ['top_up_succeeded', 10_99n],
      ['account_frozen', null],
      ['payment_failed', 10_99n],
      ['account_unfrozen', null],
      ['payment_failed', 11_00n],
      ['payment_succeeded', 10_99n],
      ['payment_failed', 1n],
      ['account_closed', null],
      ['payment_failed', 10_99n],
    ]);
  });

  test('a velocity rule counts what came before, in its batch and in earlier ones, and says so after the processor', async () => {
    const topUp = aTopUp({ amountMinor: 90_00n });
    const rule = { ruleId: 'twice_an_hour', ruleVersion: 3n, amountMinor: null, currency: null, count: 2n };
    const velocity = [{ ...rule, windowSeconds: 3_600n }];
    const asked = { ruleId: 'amount', ruleVersion: 1n, decision: 'allow', reasonCode: null, observed: 10_99n };
    const decisions = [{ ...asked, bound: 99_00n, currency: 'USD' }];
    const merchantId = randomId('mer');
    const at = (minute: bigint) => TEST_TIME_MICROS + minute * 60_000_000n;
    const payAt = (minute: bigint) =>
      aPay({ customerId: topUp.customerId, merchantId, velocity, decisions, requestedAt: at(minute) });
    const harness = await after([topUp, payAt(0n), payAt(1n), payAt(59n), payAt(60n), payAt(62n)], 3);
    const outcomes = harness.settled.slice(1).map(({ value }) => value.failure?.ruleId ?? value.status);
    expect(outcomes).toEqual(['succeeded', 'succeeded', 'twice_an_hour', 'succeeded', 'succeeded']);
    expect(harness.settled[3]?.value.decisions).toMatchObject([
      { ruleId: 'amount', decision: 'allow' },
      { ruleId: 'twice_an_hour', ruleVersion: 3n, decision: 'refuse', observed: 3n, bound: 2n },
    ]);
  });
});
