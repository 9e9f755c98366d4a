// The processor on a real broker: each request answered, whoever carries it, and whatever else is on the topic.
import { waitFor } from '@paystream/runtime';
import { aMerchantUpdated, aPaymentRequested, randomId, TEST_TIME_MICROS } from '@paystream/testkit';
import type { PaymentRequested } from '@paystream/topics';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answered, Harness } from './testing/harness.ts';
import { createHarness, toRecord } from './testing/harness.ts';

const merchant = aMerchantUpdated();
const MERCHANT_WAIT_MS_MAX = 2_000;
let harness: Harness;

beforeAll(async () => {
  harness = await createHarness({ partitions: 4 });
  await harness.learn(merchant);
});

afterAll(() => harness.close());

const requests = (count: number): PaymentRequested[] =>
  Array.from({ length: count }, () => aPaymentRequested({ merchantId: merchant.merchantId }));

const answersTo = (asked: readonly PaymentRequested[]): Answered[] => {
  const ids = new Set(asked.map(({ operationId }) => operationId));
  return harness.processed.filter(({ value }) => ids.has(value.operationId));
};
const answerCount = (): number => harness.processed.length + harness.deadLetters.length;

test('two instances share the partitions; one that leaves hands its own over', async () => {
  const [leaver] = [
    await harness.startInstance(),
    await harness.startInstance({ merchantWaitMsMax: MERCHANT_WAIT_MS_MAX }),
  ];
  const before = requests(500);
  await harness.ask(before);
  await harness.untilAnswered(500);
  await leaver?.stop();
  const after = requests(500);
  await harness.ask(after);
  await harness.untilAnswered(1_000);

  expect(answersTo([...before, ...after]).length).toBe(1_000);
  expect(harness.deadLetters).toEqual([]);
});

test('an answer lies where its request does, and carries what was asked, what it costs and who caused it', async () => {
  const [request] = requests(1);
  if (request === undefined) throw new Error('one was made');
  const count = answerCount();
  const sent = toRecord(request, harness.messaging);
  await harness.publish([{ ...sent, partition: 3 }]);
  await harness.untilAnswered(count + 1);

  const [answer] = answersTo([request]);
  expect(answer?.value).toMatchObject({
    ...request,
    pass: 1,
    kind: 'priced',
    rulesVersion: 1,
    merchantVersion: 1n,
    fees: [{ ruleId: 'processing_usd', baseMinor: 1099n, amountMinor: 62n, currency: 'USD', bearer: 'merchant' }],
    failure: null,
  });
  expect(answer?.record).toMatchObject({ partition: 3, key: sent.key });
  expect(asText(answer?.record.headers)).toMatchObject({
    ce_type: 'payment.processed',
    ce_source: 'processor',
    causation_id: `evt_${request.operationId}`,
    correlation_id: `request-of-${request.operationId}`,
    traceparent: sent.headers['traceparent'],
    merchant_id: request.merchantId,
    environment: 'test',
  });
});

test('a merchant that is switched off is refused, from then on and not before', async () => {
  const switchedOff = aMerchantUpdated();
  const { merchantId, updatedAt } = switchedOff;
  await harness.learn(switchedOff);
  await harness.learn({ ...switchedOff, version: 2n, status: 'inactive', updatedAt: updatedAt + 10n });
  const earlier = aPaymentRequested({ merchantId, requestedAt: updatedAt + 9n });
  const later = aPaymentRequested({ merchantId, requestedAt: updatedAt + 10n, merchantVersion: 2n });
  const count = answerCount();
  await harness.ask([later, earlier]);
  await harness.untilAnswered(count + 2);

  expect(answersTo([earlier])[0]?.value).toMatchObject({ kind: 'priced', merchantVersion: 1n, failure: null });
  expect(answersTo([later])[0]?.value).toMatchObject({
    kind: 'refused',
    merchantVersion: 2n,
    fees: [],
    failure: { code: 'merchant_inactive', stage: 'validation' },
  });
});

test('a request waits for the version of the merchant that its gateway saw', async () => {
  const late = aMerchantUpdated();
  const request = aPaymentRequested({ merchantId: late.merchantId });
  const count = answerCount();
  await harness.ask([request]);
  // Fetched and not answered: the group's position stays while the log's end has moved.
  await waitFor(
    async () => (await harness.messaging.admin.lag('processor', 'payment.requested')).some((lag) => lag > 0n),
    {
      what: 'the request to lie unanswered',
    },
  );
  await harness.learn(late);
  await harness.untilAnswered(count + 1);
  expect(answersTo([request])[0]?.value).toMatchObject({ kind: 'priced', merchantVersion: 1n });
});

test('nothing wrong on the topic stops what is right, and each is put aside with its reason', async () => {
  const { codec } = harness.messaging;
  const good = (): PaymentRequested => aPaymentRequested({ merchantId: merchant.merchantId });
  const bytes = codec.encode('payment.requested', good());
  const unknownSchema = Buffer.from(bytes);
  unknownSchema.writeUInt32BE(2_147_483_647, 1);
  const raw = (value: Buffer | null) => ({ ...toRecord(good(), harness.messaging), value });
  const illegal = (overrides: Partial<PaymentRequested>) => toRecord({ ...good(), ...overrides }, harness.messaging);
  const wrong = [
    ['undecodable', raw(null)],
    ['undecodable', raw(Buffer.alloc(0))],
    ['undecodable', raw(Buffer.from([0, 0, 0, 1]))],
    ['undecodable', raw(Buffer.from('{"amount": 1099}'))],
    ['undecodable', raw(bytes.subarray(0, -3))],
    ['undecodable', raw(Buffer.concat([bytes, Buffer.from([0])]))],
    ['undecodable', raw(Buffer.alloc(880_000, 7))],
    ['unknown_schema', raw(unknownSchema)],
    ['key_mismatch', { ...raw(bytes), key: Buffer.from('cus_of_somebody_else') }],
    ['key_mismatch', { ...raw(bytes), key: null }],
    ['invalid_merchant_id', illegal({ merchantId: 'mer_\u0000' })],
    ['invalid_customer_id', illegal({ customerId: 'cus_\ud800' })],
    ['unsupported_operation', illegal({ operation: 'resolve', operationId: randomId('res') })],
    ['unknown_operation', illegal({ operation: 'gift' })],
  ] as const;
  const right = wrong.map(good);
  const answeredBefore = answerCount();
  const deadBefore = harness.deadLetters.length;
  // One good record after each wrong one, all in one partition.
  await harness.publish(
    wrong
      .flatMap(([, record], index) => [record, toRecord(right[index] ?? good(), harness.messaging)])
      .map((record) => ({ ...record, partition: 1 })),
  );
  await harness.untilAnswered(answeredBefore + 2 * wrong.length);

  expect(answersTo(right).map(({ value }) => value.operationId)).toEqual(right.map(({ operationId }) => operationId));
  const dead = harness.deadLetters.slice(deadBefore);
  expect(dead.map(({ headers }) => headers['dlq_reason']?.toString())).toEqual(wrong.map(([reason]) => reason));
  for (const [index, { partition, key, value, headers }] of dead.entries()) {
    expect(partition).toBe(1);
    expect([key, value]).toEqual([wrong[index]?.[1].key, wrong[index]?.[1].value]);
    expect(asText(headers)).toMatchObject({ dlq_topic: 'payment.requested', dlq_partition: '1', ce_source: 'gateway' });
  }
});

test('what is asked for by name and cannot be ends as failed, and is no dead letter', async () => {
  const impossible = [
    ['amount_invalid', 'invalid_amount', { amountMinor: 0n }],
    ['amount_invalid', 'invalid_amount', { amountMinor: 2n ** 63n - 1n }],
    ['currency_not_supported', 'unknown_currency', { currency: 'ZZZ' }],
    ['terms_invalid', 'invalid_country', { country: 'Germany' }],
    ['terms_invalid', 'invalid_expiry', { operation: 'authorize', authorize: { expiresAt: TEST_TIME_MICROS } }],
    ['merchant_unknown', null, { merchantId: randomId('mer') }],
  ] as const;
  const asked = impossible.map(([, , changes]) => aPaymentRequested({ merchantId: merchant.merchantId, ...changes }));
  const [count, dead] = [answerCount(), harness.deadLetters.length];
  await harness.ask(asked);
  await harness.untilAnswered(count + asked.length);

  expect(harness.deadLetters.length).toBe(dead);
  for (const [index, { operationId }] of asked.entries()) {
    const answer = harness.processed.find(({ value }) => value.operationId === operationId)?.value;
    const [code, ruleId] = impossible[index] ?? [];
    expect(answer).toMatchObject({ kind: 'refused', fees: [], failure: { code, ruleId, stage: 'validation' } });
  }
});

function asText(headers: Record<string, Buffer> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.toString()]));
}
