// Runs accounts against a real broker and database: what it decides, says and keeps, once each.
import { failureOf } from '@paystream/payments';
import { waitFor } from '@paystream/runtime';
import { createTestDatabase, randomId } from '@paystream/testkit';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findFaults } from './testing/check-books.ts';
import { aFee, aHistory, aPay, aTopUp } from './testing/events.ts';
import type { Harness, HarnessOptions } from './testing/harness.ts';
import { createHarness, decidedIn, toRecord } from './testing/harness.ts';
import { someLives } from './testing/lives.ts';

const aVelocityRule = {
  ...{ ruleId: 'often', ruleVersion: 1n, amountMinor: null, currency: null },
  ...{ count: 1_000n, windowSeconds: 60n },
};

async function openHarness(options: HarnessOptions = { partitions: 2 }): Promise<Harness> {
  const harness = await createHarness(options);
  onTestFinished(harness.close);
  return harness;
}

/** Operation ids that were settled, sorted; a doubled one is there twice. */
function settledIds({ settled }: Harness): string[] {
  return settled.map(({ value }) => value.operationId).toSorted();
}

function idsOf(events: readonly { operationId: string }[]): string[] {
  return events.map(({ operationId }) => operationId).toSorted();
}

/** Everything the books hold, to be compared before and after. */
async function pictureOf({ database }: Harness) {
  const read = (text: string) => database.query<object>({ text });
  return {
    accounts: await read('SELECT id, posted, held, version, updated_at FROM accounts ORDER BY id'),
    operations: await read('SELECT * FROM operations ORDER BY operation_id, pass'),
    postings: await read('SELECT * FROM postings ORDER BY ledger_number, index, line'),
    payments: await read('SELECT * FROM payments ORDER BY payment_id'),
    disputes: await read('SELECT * FROM disputes ORDER BY dispute_id'),
  };
}

describe('one customer', () => {
  test('a payment that succeeds is posted, settled with its balances, and told', async () => {
    const harness = await openHarness();
    const topUp = aTopUp({ amountMinor: 50_00n });
    const { customerId } = topUp;
    const pay = aPay({ customerId, amountMinor: 10_99n, fees: [aFee(62n)] });
    await harness.startInstance();
    await harness.process([topUp, pay]);
    await harness.untilDone();

    const [, settled] = harness.settled;
    const wallet = `test:wallet:${customerId}:USD`;
    const payable = `test:payable:${pay.merchantId}:USD`;
    expect(settled?.value).toMatchObject({
      operationId: pay.operationId,
      status: 'succeeded',
      paymentStatus: 'succeeded',
      requestedAt: pay.requestedAt,
      fees: pay.fees,
      failure: null,
      payment: { authorizedMinor: 10_99n, capturedMinor: 10_99n, refundedMinor: 0n },
      balances: [
        { accountId: payable, postedChangeMinor: 10_37n, postedMinor: 10_37n, version: 1n, counterpartyId: customerId },
        { accountId: wallet, postedChangeMinor: -10_99n, postedMinor: 39_01n, version: 2n, changed: true },
      ],
      sourceOffset: 1n,
    });
    expect(settled?.record.key?.toString()).toBe(customerId);
    expect(settled?.record.partition).toBe(settled?.value.sourcePartition);
    expect(settled?.record.headers).toMatchObject({
      ce_type: Buffer.from('payment.settled'),
      causation_id: Buffer.from(`${pay.operationId}.payment.processed.1`),
      correlation_id: Buffer.from(`request-of-${pay.operationId}`),
    });

    expect(harness.notifications.map(({ value }) => [value.template, value.amountMinor, value.balanceMinor])).toEqual([
      ['top_up_succeeded', 50_00n, 50_00n],
      ['payment_succeeded', 10_99n, 39_01n],
    ]);
    const postings = await harness.database.query<object>({
      text: 'SELECT debit_account, credit_account, amount FROM postings ORDER BY ledger_number, index, line',
    });
    const partition = settled?.record.partition;
    expect(postings).toEqual([
      { debit_account: `test:world:USD:p${partition}`, credit_account: wallet, amount: 50_00n },
      { debit_account: wallet, credit_account: payable, amount: 10_37n },
      { debit_account: wallet, credit_account: `test:fee_income:USD:p${partition}`, amount: 62n },
    ]);
    expect(await findFaults(harness.database)).toEqual([]);
  });

  test('a payment that fails says why, on which balance, and posts nothing', async () => {
    const harness = await openHarness();
    const topUp = aTopUp({ amountMinor: 10_98n });
    const { customerId } = topUp;
    const tooMuch = aPay({ customerId });
    const refused = aPay({ customerId, kind: 'refused', failure: failureOf('merchant_inactive') });
    await harness.startInstance();
    await harness.process([topUp, tooMuch, refused]);
    await harness.untilDone();

    const [, first, second] = harness.settled.map(({ value }) => value);
    expect(first).toMatchObject({
      status: 'failed',
      failure: failureOf('insufficient_funds'),
      payment: null,
      fees: [],
    });
    expect(first?.balances).toMatchObject([
      { accountId: `test:payable:${tooMuch.merchantId}:USD`, version: 0n, changed: false },
      { accountId: `test:wallet:${customerId}:USD`, postedMinor: 10_98n, version: 1n, changed: false },
    ]);
    expect(second).toMatchObject({ status: 'failed', failure: failureOf('merchant_inactive'), balances: [] });
    expect(harness.notifications.map(({ value }) => [value.template, value.failureCode])).toEqual([
      ['top_up_succeeded', null],
      ['payment_failed', 'insufficient_funds'],
      ['payment_failed', 'merchant_inactive'],
    ]);
    const [books] = await harness.database.query({ text: 'SELECT count(*) AS postings FROM postings' });
    expect(books).toEqual({ postings: 1n });
  });
});

describe('many customers', () => {
  test('two instances and one merchant for all: every operation once, and the books right', async () => {
    const harness = await openHarness({ partitions: 4 });
    const events = aHistory({ customers: 150, payments: 4, merchantIds: [randomId('mer')] });
    await Promise.all([harness.startInstance({ batchSizeMax: 50 }), harness.startInstance({ batchSizeMax: 50 })]);
    await harness.process(events);
    await harness.untilDone();

    expect(settledIds(harness)).toEqual(idsOf(events));
    const failed = harness.settled.filter(({ value }) => value.failure?.code === 'insufficient_funds');
    expect(failed).toHaveLength(150);
    expect(new Set(harness.settled.map(({ record }) => record.partition)).size).toBe(4);
    expect(await findFaults(harness.database)).toEqual([]);
    expectNoHoles(harness);
    await untilAccountsArePublished(harness);
  });

  test('two instances and every operation at one merchant, who pays himself out: the books are right', async () => {
    const harness = await openHarness({ partitions: 4 });
    const events = someLives({ customers: 60, merchantId: randomId('mer') });
    await Promise.all([harness.startInstance({ batchSizeMax: 30 }), harness.startInstance({ batchSizeMax: 30 })]);
    await harness.process(events);
    await harness.untilDone();

    expect(decidedIn(harness)).toEqual(events.map(({ operationId, pass }) => `${operationId}/${pass}`).toSorted());
    expect(harness.deadLetters.length).toBe(0);
    expect(await findFaults(harness.database)).toEqual([]);
    await untilAccountsArePublished(harness);
  });

  test('records that come two and three times, also in one batch, count once', async () => {
    const harness = await openHarness();
    const events = aHistory({ customers: 20, payments: 4, merchantIds: [randomId('mer'), randomId('mer')] });
    await harness.process([...events, ...events]);
    await harness.startInstance();
    await harness.process(events);
    await harness.untilDone();
    expect(settledIds(harness)).toEqual(idsOf(events));
    expect(await findFaults(harness.database)).toEqual([]);
  });

  test('of records that tell one operation differently the first counts, in one batch and in two', async () => {
    const harness = await openHarness({ partitions: 1 });
    const topUp = aTopUp({ amountMinor: 50_00n });
    const [allowed, refused] = [aPay({ customerId: topUp.customerId }), aPay({ customerId: topUp.customerId })];
    // As a screening answers that has changed its mind.
    const refusal = { kind: 'refused', failure: failureOf('compliance'), fees: [] };
    const first = [topUp, allowed, { ...refused, ...refusal }];
    const second = [{ ...allowed, ...refusal }, refused];
    await harness.process([...first, ...second]);
    await harness.startInstance();
    await harness.untilDone();
    await harness.process(second);
    await harness.untilDone();

    const outcomes = harness.settled.map(({ value }) => [value.operationId, value.failure?.code ?? value.status]);
    expect(outcomes).toEqual([
      [topUp.operationId, 'succeeded'],
      [allowed.operationId, 'succeeded'],
      [refused.operationId, 'compliance'],
    ]);
    const text = `SELECT posted FROM accounts WHERE id = 'test:wallet:${topUp.customerId}:USD'`;
    expect(await harness.database.query({ text })).toEqual([{ posted: 39_01n }]);
    expect(await findFaults(harness.database)).toEqual([]);
  });

  test('a replay of the whole topic from offset 0 changes nothing and says nothing', async () => {
    const testDatabase = await createTestDatabase();
    const first = await openHarness({ partitions: 2, testDatabase });
    const merchantId = randomId('mer');
    const payments = aHistory({ customers: 20, payments: 4, merchantIds: [merchantId] });
    const events = [...payments, ...someLives({ customers: 10, merchantId })];
    const instance = await first.startInstance();
    await first.process(events);
    await first.untilDone();
    await instance.stop();
    const before = await pictureOf(first);

    await first.database.execute({ text: 'UPDATE consumer_offsets SET next_offset = 0' });
    // What is published is deleted a while later; to new topics it would go again.
    await first.database.execute({ text: 'DELETE FROM outgoing_events' });
    const replay = await openHarness({ partitions: 2, testDatabase });
    await replay.process(events);
    await replay.startInstance();
    await replay.untilDone();
    expect(await pictureOf(replay)).toEqual(before);
    expect(decidedIn(replay)).toEqual([]);
    expect(replay.notifications.length).toBe(0);
  });
});

describe('poison', () => {
  test('goes to the dead letters with its reason, and the good ones of its batch post once', async () => {
    const harness = await openHarness({ partitions: 1 });
    const topUp = aTopUp();
    const good = aPay({ customerId: topUp.customerId });
    const misplaced = aPay();
    const poison = [
      { value: Buffer.from('garbage'), class: 'poison', reason: 'not Confluent wire format: 7 bytes, first 103' },
      { value: null, class: 'poison', reason: 'the value is null' },
      { event: aPay({ amountMinor: 0n }), class: 'business', reason: 'its amount is not above zero' },
      { event: aPay({ currency: 'ZZZ' }), class: 'business', reason: 'its currency is not known' },
      { event: aPay({ customerId: 'cus_\u0000' }), class: 'business', reason: 'its customer id is not an id' },
      { value: Buffer.alloc(300_000), class: 'business', reason: 'it has more than 256000 bytes' },
      { event: misplaced, key: 'cus_other', class: 'business', reason: 'its key is not that of its operation' },
    ];
    const records = poison.map(({ event, key, value }) => {
      if (event === undefined) return { ...toRecord(misplaced, harness.messaging), value: value ?? null };
      const record = toRecord(event, harness.messaging);
      return key === undefined ? record : { ...record, key: Buffer.from(key) };
    });
    await harness.publish([toRecord(topUp, harness.messaging), ...records, toRecord(good, harness.messaging)]);
    await harness.startInstance();
    await harness.untilDone();

    expect(settledIds(harness)).toEqual(idsOf([topUp, good]));
    const found = harness.deadLetters.map(({ headers, value }) => ({
      class: headers['dlq_class']?.toString(),
      reason: headers['dlq_reason']?.toString(),
      offset: headers['dlq_offset']?.toString(),
      value,
    }));
    expect(found).toEqual(
      poison.map(({ class: dlqClass, reason }, at) => ({
        class: dlqClass,
        reason,
        offset: `${at + 1}`,
        value: records[at]?.value,
      })),
    );
    expect(await findFaults(harness.database)).toEqual([]);
  });

  test('a lawful record that the database refuses waits, loudly, and those behind it; nothing is lost', async () => {
    const harness = await openHarness({ partitions: 1 });
    const events = aHistory({ customers: 10, payments: 3, merchantIds: [randomId('mer')] });
    const [refused] = events.filter(({ operation }) => operation === 'pay').slice(-1);
    if (refused === undefined) throw new Error('the history has no payment');
    const instance = await harness.startInstance();
    await instance.stop();
    // Stands for any rule of the database that the fold does not know of: whoever made it is wrong, and no record is.
    const text = `ALTER TABLE payments ADD CONSTRAINT refused CHECK (payment_id <> '${refused.paymentId}')`;
    await harness.database.execute({ text });
    await harness.process(events);
    const app = await harness.startInstance();
    await waitFor(() => !app.ready(), { what: 'the app to say that a partition stands still' });
    // What comes before it is saved and told all the same.
    const before = idsOf(events.slice(0, events.indexOf(refused)));
    await waitFor(() => settledIds(harness).length >= before.length, { what: 'those before it to be told' });
    expect(settledIds(harness)).toEqual(before);

    await harness.database.execute({ text: 'ALTER TABLE payments DROP CONSTRAINT refused' });
    await harness.untilDone();
    expect(settledIds(harness)).toEqual(idsOf(events));
    expect(harness.deadLetters).toEqual([]);
    expect(app.ready()).toBe(true);
    expect(await findFaults(harness.database)).toEqual([]);
  });

  test('when a table is gone nothing is a dead letter, and all goes on once it is back', async () => {
    const harness = await openHarness({ partitions: 1 });
    const events = aHistory({ customers: 5, payments: 2, merchantIds: [randomId('mer')] }).map((event) =>
      event.operation === 'pay' ? { ...event, velocity: [aVelocityRule] } : event,
    );
    const app = await harness.startInstance();
    await harness.database.execute({ text: 'ALTER TABLE spends RENAME TO gone' });
    await harness.process(events);
    await waitFor(() => !app.ready(), { what: 'the app to say that a partition stands still' });
    await harness.database.execute({ text: 'ALTER TABLE gone RENAME TO spends' });
    await harness.untilDone();
    expect(settledIds(harness)).toEqual(idsOf(events));
    expect(harness.deadLetters).toEqual([]);
  });

  test('a sequence that was set back behind the books is mended, and no number is given twice or out of order', async () => {
    const harness = await openHarness({ partitions: 2 });
    const merchantIds = [randomId('mer')];
    await Promise.all([harness.startInstance({ batchSizeMax: 5 }), harness.startInstance({ batchSizeMax: 5 })]);
    const before = aHistory({ customers: 10, payments: 3, merchantIds });
    await harness.process(before);
    await harness.untilDone();
    // A batch that was rolled back has left a gap, into which a number would fit without colliding.
    await harness.database.query({ text: `SELECT nextval('ledger_numbers')` });
    await harness.database.query({ text: `SELECT setval('ledger_numbers', 1)` });
    const after = aHistory({ customers: 10, payments: 3, merchantIds });
    await harness.process(after);
    await harness.untilDone();

    expect(settledIds(harness)).toEqual(idsOf([...before, ...after]));
    expect(harness.deadLetters).toEqual([]);
    const numberOf = (events: readonly { operationId: string }[]): bigint[] =>
      events.map(
        ({ operationId }) =>
          harness.settled.find(({ value }) => value.operationId === operationId)?.value.ledgerNumber ?? 0n,
      );
    const newest = numberOf(before).reduce((a, b) => (a > b ? a : b));
    expect(numberOf(after).filter((number) => number <= newest)).toEqual([]);
    expect(await findFaults(harness.database)).toEqual([]);
  });
});

/** Resolves when the newest states on account.updated are those of the books. */
async function untilAccountsArePublished({ database, publishedAccounts }: Harness): Promise<void> {
  const rows = await database.query<{ id: string; posted: bigint; version: bigint }>({
    text: 'SELECT id, posted, version FROM accounts WHERE version > 0',
  });
  const isPublished = async (): Promise<boolean> => {
    const newest = await publishedAccounts();
    return rows.every(({ id, posted, version }) => {
      const state = newest.get(id);
      return state?.version === version && state.postedMinor === posted;
    });
  };
  await waitFor(isPublished, { what: `the newest states of ${rows.length} accounts`, deadlineMs: 20_000 });
  // The mark of a state goes once it is published.
  const countMarks = async () => database.query<object>({ text: 'SELECT FROM account_marks' });
  await waitFor(async () => (await countMarks()).length === 0, { what: 'every mark to be cleared' });
}

/** Of every account, the settled events that changed it show each version once, from 1 on. */
function expectNoHoles({ settled }: Harness): void {
  const versions = new Map<string, bigint[]>();
  for (const { value } of settled) {
    for (const { accountId, version, changed } of value.balances) {
      if (changed) versions.set(accountId, [...(versions.get(accountId) ?? []), version]);
    }
  }
  for (const found of versions.values()) {
    expect(found.toSorted((a, b) => Number(a - b))).toEqual(found.map((_, at) => BigInt(at + 1)));
  }
}
