// Every operation, at the rate and by the rules in force, on a real broker; and what providers tell beside it.
import { factIdOf } from '@paystream/payments';
import { waitFor } from '@paystream/runtime';
import { aMerchantUpdated, anFxRate, randomId, TEST_TIME_MICROS } from '@paystream/testkit';
import type { PaymentRequested, RiskRule } from '@paystream/topics';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Screening } from './screening.ts';
import type { Answered, Harness } from './testing/harness.ts';
import { createHarness } from './testing/harness.ts';
import { aDispute, aPayOutEvent } from './testing/provider-events.ts';
import { DAY_MICROS, requestOf } from './testing/requests.ts';

const merchantId = randomId('mer');
const blocked = randomId('cus');
const suspect = randomId('cus');

function aRule(overrides: Partial<RiskRule>): RiskRule {
  const nothing = { operation: null, methodType: null, currency: null, amountMinor: null, count: null };
  return {
    ruleId: 'any',
    version: 1n,
    kind: 'screening',
    decision: 'refuse',
    ...nothing,
    windowSeconds: null,
    matches: null,
    ...overrides,
  };
}

const riskPlan = {
  version: 1n,
  rules: [
    aRule({ ruleId: 'blocked', kind: 'block_list', matches: [blocked] }),
    aRule({ ruleId: 'screened', operation: 'transfer' }),
    aRule({ ruleId: 'often', kind: 'velocity_count', count: 10n, windowSeconds: 60n }),
  ],
};

/** How often the screening was asked, and how often it has still to fail. */
const asked = { times: 0, failures: 0 };
const screening: Screening = {
  version: 5n,
  screen: (requests) => {
    asked.times += 1;
    if (asked.failures > 0) {
      asked.failures -= 1;
      return Promise.reject(new Error('the list is away'));
    }
    return Promise.resolve(
      requests.map(({ customerId }) =>
        customerId === suspect ? { decision: 'refuse', reasonCode: 'listed' } : { decision: 'allow', reasonCode: null },
      ),
    );
  },
};

let harness: Harness;

beforeAll(async () => {
  harness = await createHarness({ partitions: 4 });
  await harness.learn(aMerchantUpdated({ merchantId, riskPlan }));
  await harness.learn(aMerchantUpdated({ merchantId, environment: 'live' }));
  await harness.learnRate(anFxRate({ rate: '1.25' }));
  await harness.learnRate(anFxRate({ quoteCurrency: 'JPY', rate: '175.68' }));
  await harness.learnRate(anFxRate({ rate: '9.9', publishedAt: TEST_TIME_MICROS + 1n }));
  await harness.learnRate(anFxRate({ environment: 'live', publishedAt: TEST_TIME_MICROS - 5n * DAY_MICROS - 1n }));
  await Promise.all([harness.startInstance({ screening }), harness.startInstance({ screening })]);
});

afterAll(() => harness.close());

async function answersTo(requests: readonly PaymentRequested[]): Promise<Answered[]> {
  await harness.ask(requests);
  return await answersOf(requests.map(({ operationId }) => operationId));
}

async function answersOf(ids: readonly string[]): Promise<Answered[]> {
  const found = (): Answered[] =>
    ids.flatMap((id) => harness.processed.filter(({ value }) => value.operationId === id));
  await waitFor(() => found().length >= ids.length, { what: `${ids.length} answers`, deadlineMs: 30_000 });
  return found();
}

test('each operation is answered once, as it was asked', async () => {
  const requests = Object.values(requestOf).map((request) => request({ merchantId }));
  const answers = await answersTo(requests);
  for (const [index, { value }] of answers.entries()) {
    expect(value).toMatchObject({ ...requests[index], kind: 'priced', pass: 1, failure: null });
  }
  expect(harness.deadLetters).toEqual([]);
});

test('a payment from another wallet carries the newest rate that was published in time', async () => {
  const [answer] = await answersTo([requestOf.pay({ merchantId, sourceCurrency: 'JPY' })]);
  expect(answer?.value.fx).toMatchObject({
    fromCurrency: 'JPY',
    toCurrency: 'USD',
    baseRate: '0.00711520947176684882',
    fromAmountMinor: 1_545n,
    toAmountMinor: 1_099n,
    rateSource: 'ecb',
    ratePublishedAt: TEST_TIME_MICROS - 1_000_000n,
  });
});

test('an old rate is good enough for the sandbox, and not for real money', async () => {
  const old = { sourceCurrency: 'EUR', merchantId, requestedAt: TEST_TIME_MICROS + 30n * DAY_MICROS };
  const answers = await answersTo([requestOf.pay(old), requestOf.pay({ ...old, environment: 'live' })]);
  expect(answers.map(({ value }) => value.fx?.baseRate ?? value.failure?.code)).toEqual(['9.9', 'fx_rate_stale']);
});

test('the merchant’s rules refuse, or are handed on to the ledger', async () => {
  const requests = [requestOf.pay({ merchantId }), requestOf.pay({ merchantId, customerId: blocked })];
  const [passed, refused] = await answersTo(requests);
  expect(passed?.value).toMatchObject({
    kind: 'priced',
    decisions: [{ ruleId: 'blocked', decision: 'allow' }],
    velocity: [{ ruleId: 'often', ruleVersion: 1n, count: 10n, windowSeconds: 60n, amountMinor: null, currency: null }],
  });
  expect(refused?.value).toMatchObject({
    kind: 'refused',
    fees: [],
    decisions: [{ ruleId: 'blocked', decision: 'refuse', reasonCode: 'rejected_by_rule' }],
    velocity: null,
    failure: { code: 'rejected_by_rule', ruleId: 'blocked', ruleVersion: 1n },
  });
});

test('a screening that is away makes its batch come again; it is asked about what a rule is for, and believed', async () => {
  asked.failures = 2;
  const before = asked.times;
  const requests = [requestOf.transfer({ merchantId, customerId: suspect }), requestOf.transfer({ merchantId })];
  const [refused, passed] = await answersTo(requests);
  expect(asked.times - before).toBeGreaterThanOrEqual(3);
  expect(refused?.value).toMatchObject({
    kind: 'refused',
    failure: { code: 'compliance', ruleId: 'screened' },
    decisions: [
      { ruleId: 'blocked' },
      { ruleId: 'screening', ruleVersion: 5n, decision: 'refuse', reasonCode: 'listed' },
    ],
  });
  expect(passed?.value).toMatchObject({ kind: 'priced', decisions: [{}, { ruleId: 'screening', decision: 'allow' }] });
  const asideOfRule = asked.times;
  await answersTo([requestOf.pay({ merchantId, customerId: suspect })]);
  expect(asked.times).toBe(asideOfRule);
});

test('what a provider tells lies where its payment does, and what nothing can be made of is put aside', async () => {
  const { messaging } = harness;
  const request = requestOf.pay({ merchantId });
  const [payment] = await answersTo([request]);
  const dispute = aDispute('opened', { merchantId, customerId: request.customerId, paymentId: request.paymentId });
  const payOut = aPayOutEvent('paid', { merchantId });
  const faulty = aDispute('won', { disputeId: null });
  const deadBefore = harness.deadLetters.length;
  await harness.tell([dispute, faulty, payOut]);
  await waitFor(() => harness.deadLetters.length > deadBefore, { what: 'the dead letter', deadlineMs: 30_000 });
  const [report] = await answersOf([factIdOf(payOut.provider, payOut.providerEventId)]);
  const isFact = ({ value }: Answered): boolean => value.fact?.providerEventId === dispute.providerEventId;
  await waitFor(() => harness.processed.some(isFact), { what: 'the fact', deadlineMs: 30_000 });
  const fact = harness.processed.find(isFact);

  expect(fact?.record).toMatchObject({ partition: payment?.record.partition, key: payment?.record.key });
  expect(fact?.value).toMatchObject({ kind: 'fact', operation: 'dispute', paymentId: request.paymentId });
  expect(report?.value).toMatchObject({ kind: 'fact', operation: 'report', paymentId: payOut.paymentId, merchantId });
  expect(report?.record.key).toEqual(Buffer.from(merchantId));
  const [dead] = harness.deadLetters.slice(deadBefore);
  expect(dead?.topic).toBe('provider.event.processor-provider-events.dlq');
  expect(dead?.headers['dlq_reason']?.toString()).toBe('invalid_dispute_id');
  const isRead = async (): Promise<boolean> =>
    (await messaging.admin.lag('processor-provider-events', 'provider.event')).every((lag) => lag === 0n);
  await waitFor(isRead, { what: 'the offset of what was told' });
});
