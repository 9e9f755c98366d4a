// Lets operators in by their own door, and follows what they put in force to the log.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Follower } from '@paystream/messaging';
import { waitFor } from '@paystream/runtime';
import type { MerchantUpdated } from '@paystream/topics';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Gateway } from './app.ts';
import type { Client } from './testing/client.ts';
import { createClient } from './testing/client.ts';
import type { GatewayHarness } from './testing/test-gateway.ts';
import { createHarness } from './testing/test-gateway.ts';

const REASON = { reason_code: 'contract', reason: 'As agreed with the merchant on the phone' };

let harness: GatewayHarness;
let gateway: Gateway;
let operator: Client;
let follower: Follower;
const published: MerchantUpdated[] = [];

beforeAll(async () => {
  harness = await createHarness();
  gateway = await harness.start();
  operator = createClient({ server: gateway.operatorServer }, await harness.createOperator());
  const { codec } = harness.test.messaging;
  follower = await harness.test.messaging.follow({
    topics: ['merchant.updated'],
    from: 'earliest',
    onRecords: async (records) => {
      await codec.prepare('merchant.updated', records);
      for (const { value } of records) {
        const decoded = codec.decode('merchant.updated', value);
        if (decoded.ok) published.push(decoded.value);
      }
    },
  });
});

afterAll(async () => {
  await follower.stop();
  await harness.close();
});

function feeRule(changes: object = {}) {
  const match = { kind: 'processing', operation: 'pay', currency: 'USD' };
  return {
    rule_id: 'usd',
    ...match,
    percent_bps: 150,
    fixed: 25,
    bearer: 'merchant',
    refund_policy: 'keep',
    ...changes,
  };
}

function riskRule(changes: object = {}) {
  return { rule_id: 'much', kind: 'amount', decision: 'refuse', currency: 'USD', amount: 100_000, ...changes };
}

test('a merchant’s key is nobody’s at the operators’ door, and the other way round', async () => {
  const { apiKey, merchantId } = await harness.createMerchant();
  const path = `/v1/merchants/${merchantId}/fee_plan?environment=test`;
  const merchantAtOperators = createClient({ server: gateway.operatorServer }, apiKey);
  expect(await merchantAtOperators.get(path)).toMatchObject({ status: 401, body: { code: 'api_key_invalid' } });
  expect((await operator.get(path)).status).toBe(200);
  const operatorAtMerchants = createClient(gateway, await harness.createOperator());
  expect(await operatorAtMerchants.get('/v1/payments')).toMatchObject({ status: 401 });
  expect((await createClient(gateway, apiKey).get(path)).status).toBe(404);
});

test('a fee plan is put in force whole, with its reason, and published as the next version', async () => {
  const { merchantId } = await harness.createMerchant();
  const path = `/v1/merchants/${merchantId}/fee_plan?environment=test`;
  const first = await operator.put(path, { rules: [feeRule()], ...REASON });
  expect(first).toMatchObject({
    status: 200,
    body: { version: 2, merchant_version: 2, rules: [{ version: 1, fixed: 25 }] },
  });
  const second = await operator.put(path, { rules: [feeRule({ fixed: 30 }), feeRule({ rule_id: 'b' })], ...REASON });
  expect(second.body).toMatchObject({
    version: 3,
    rules: [
      { rule_id: 'usd', version: 2 },
      { rule_id: 'b', version: 1 },
    ],
  });
  expect((await operator.get(path)).body).toEqual(second.body);

  // The same again changes nothing; a rule that was taken out comes back as another version.
  expect(
    (await operator.put(path, { rules: [feeRule({ fixed: 30 }), feeRule({ rule_id: 'b' })], ...REASON })).body,
  ).toEqual(second.body);
  await operator.put(path, { rules: [], ...REASON });
  expect((await operator.put(path, { rules: [feeRule()], ...REASON })).body).toMatchObject({
    version: 5,
    rules: [{ version: 3 }],
  });

  const versions = () => published.filter((merchant) => merchant.merchantId === merchantId);
  await waitFor(() => versions().length >= 5, { what: 'five versions' });
  expect(versions().map(({ version }) => version)).toEqual([1n, 2n, 3n, 4n, 5n]);
  expect(versions().at(2)?.feePlan.rules).toMatchObject([
    { ruleId: 'usd', version: 2n, fixedMinor: 30n },
    { ruleId: 'b' },
  ]);
  const times = versions().map(({ updatedAt }) => updatedAt);
  expect(times.every((time, place) => place === 0 || time > (times[place - 1] ?? time))).toBe(true);

  const actions = await harness.database.query<{ action: string; reason: string; result: string }>({
    text: 'SELECT action, reason, result FROM operator_actions WHERE object_id = $1 ORDER BY created_at',
    values: [merchantId],
  });
  expect(actions.map(({ result }) => result)).toEqual([
    'version_2',
    'version_3',
    'unchanged',
    'version_4',
    'version_5',
  ]);
  expect(actions[0]).toMatchObject({ action: 'fee_plan.change', reason: REASON.reason });
});

test('a plan is on its way to the log when the operator is answered, not when the relay comes round', async () => {
  const { merchantId } = await harness.createMerchant();
  const path = `/v1/merchants/${merchantId}/fee_plan?environment=test`;
  const isPublished = (version: bigint) => () =>
    published.some((merchant) => merchant.merchantId === merchantId && merchant.version === version);
  const beganAt = performance.now();
  for (const version of [2n, 3n, 4n, 5n]) {
    expect((await operator.put(path, { rules: [feeRule({ fixed: Number(version) })], ...REASON })).status).toBe(200);
    await waitFor(isPublished(version), { what: `version ${version}` });
  }
  // The relay, which comes round once a second, would have needed three rounds and more.
  expect(performance.now() - beganAt).toBeLessThan(2_500);
});

test('a risk plan is published beside the fee plan, which stays as it is', async () => {
  const { merchantId } = await harness.createMerchant();
  const path = `/v1/merchants/${merchantId}/risk_plan?environment=test`;
  expect((await operator.get(path)).body).toMatchObject({ version: 0, rules: [] });
  const rules = [
    riskRule(),
    riskRule({ rule_id: 'often', kind: 'velocity_count', currency: null, amount: null, count: 3, window_seconds: 60 }),
    riskRule({ rule_id: 'where', kind: 'country', currency: null, amount: null, matches: ['KP'] }),
  ];
  expect(await operator.put(path, { rules, ...REASON })).toMatchObject({ status: 200, body: { version: 1 } });
  const last = () => published.findLast((merchant) => merchant.merchantId === merchantId);
  await waitFor(() => last()?.version === 2n, { what: 'the version with the plan' });
  expect(last()?.feePlan.rules).toHaveLength(2);
  expect(last()?.riskPlan?.rules).toMatchObject([
    { ruleId: 'much', amountMinor: 100_000n },
    { ruleId: 'often', count: 3n, windowSeconds: 60n },
    { ruleId: 'where', matches: ['KP'] },
  ]);
});

test.each<[string, string, object, number, string]>([
  ['no reason', 'fee_plan', { rules: [], reason: undefined }, 400, '/reason'],
  ['an empty reason', 'fee_plan', { rules: [], reason: '' }, 422, '/reason'],
  ['a reason with a card number', 'fee_plan', { rules: [], reason: 'card 4242424242424242' }, 422, '/reason'],
  [
    'a rule named by a card number',
    'fee_plan',
    { rules: [feeRule({ rule_id: '4242424242424242' })] },
    422,
    '/rules/0/rule_id',
  ],
  ['two rules of one name', 'fee_plan', { rules: [feeRule(), feeRule()] }, 422, '/rules/1/rule_id'],
  [
    'amounts without a currency',
    'fee_plan',
    { rules: [feeRule(), feeRule({ rule_id: 'b', currency: null })] },
    422,
    '/rules/1',
  ],
  ['a max below the min', 'fee_plan', { rules: [feeRule({ min: 10, max: 9 })] }, 422, '/rules/0'],
  ['a method in words', 'fee_plan', { rules: [feeRule({ method_type: 'Ada’s card' })] }, 422, '/rules'],
  [
    'an address to block',
    'risk_plan',
    { rules: [riskRule({ kind: 'block_list', amount: null, currency: null, matches: ['ada@shop.example'] })] },
    422,
    '/rules',
  ],
  ['an unknown kind', 'fee_plan', { rules: [feeRule({ kind: 'gift' })] }, 422, '/rules'],
  ['a fee of disputes taken at payments', 'fee_plan', { rules: [feeRule({ kind: 'dispute' })] }, 422, '/rules'],
  ['a fee of pay-outs taken there', 'fee_plan', { rules: [feeRule({ kind: 'pay_out' })] }, 422, '/rules/0/operation'],
  [
    'a markup where nothing is converted',
    'fee_plan',
    { rules: [feeRule({ kind: 'fx_markup', fixed: 0, operation: 'transfer' })] },
    422,
    '/rules/0/operation',
  ],
  ['an amount without a currency', 'risk_plan', { rules: [riskRule({ currency: null })] }, 422, '/rules/0'],
  ['a decision nobody could follow', 'risk_plan', { rules: [riskRule({ decision: 'review' })] }, 422, '/rules'],
  ['a list without its members', 'risk_plan', { rules: [riskRule({ kind: 'block_list' })] }, 422, '/rules/0'],
  ['an empty list', 'risk_plan', { rules: [riskRule({ kind: 'block_list', matches: [] })] }, 422, '/rules'],
  [
    'a card number on a list',
    'risk_plan',
    { rules: [riskRule({ kind: 'block_list', matches: ['4242424242424242'] })] },
    422,
    '/rules/0/matches',
  ],
  ['a country nobody is in', 'risk_plan', { rules: [riskRule({ kind: 'country', matches: ['fr'] })] }, 422, '/rules/0'],
  [
    'a count of what nobody counts',
    'risk_plan',
    { rules: [riskRule({ kind: 'velocity_count', count: 3, window_seconds: 60, operation: 'pay_out' })] },
    422,
    '/rules/0',
  ],
])('%s is refused and changes nothing', async (_name, plan, body, status, param) => {
  const { merchantId } = await harness.createMerchant();
  const path = `/v1/merchants/${merchantId}/${plan}?environment=test`;
  const before = await operator.get(path);
  expect(await operator.put(path, { ...REASON, ...body })).toMatchObject({ status, body: { param } });
  expect((await operator.get(path)).text).toBe(before.text);
});

test('a merchant of nobody, or of the other environment, is not found', async () => {
  const { merchantId } = await harness.createMerchant();
  for (const path of [
    `/v1/merchants/mer_${'1'.repeat(32)}/fee_plan?environment=test`,
    `/v1/merchants/${merchantId}/fee_plan?environment=live`,
    '/v1/merchants/x/risk_plan?environment=test',
  ]) {
    expect(await operator.put(path, { rules: [], ...REASON }), path).toMatchObject({ status: 404 });
  }
  expect((await operator.get(`/v1/merchants/${merchantId}/fee_plan`)).status).toBe(400);
});

test('plans changed at once get one version each', async () => {
  const { merchantId } = await harness.createMerchant();
  const path = `/v1/merchants/${merchantId}/fee_plan?environment=test`;
  await Promise.all(
    Array.from({ length: 8 }, (_, n) => operator.put(path, { rules: [feeRule({ fixed: n })], ...REASON })),
  );
  expect((await operator.get(path)).body).toMatchObject({ version: 9, rules: [{ version: 8 }] });
});

test('the program prints a key that works, once, and says how it is called', async () => {
  const script = fileURLToPath(new URL('create-operator.ts', import.meta.url));
  const { config } = harness;
  const run = (args: readonly string[]) =>
    promisify(execFile)(process.execPath, [script, ...args], {
      env: {
        ...process.env,
        KAFKA_BROKERS: config.KAFKA_BROKERS.join(','),
        SCHEMA_REGISTRY_URL: config.SCHEMA_REGISTRY_URL,
        GATEWAY_DATABASE_URL: config.GATEWAY_DATABASE_URL,
        PERSONAL_DATA_KEY: config.PERSONAL_DATA_KEY,
      },
    });
  const made = JSON.parse((await run(['--name', 'Olga'])).stdout) as { operator_key: string }; // the line it promises
  expect(made).toMatchObject({ operator_id: expect.stringMatching(/^op_[0-9a-f]{32}$/) });
  const { merchantId } = await harness.createMerchant();
  const olga = createClient({ server: gateway.operatorServer }, made.operator_key);
  expect((await olga.get(`/v1/merchants/${merchantId}/fee_plan?environment=test`)).status).toBe(200);
  const [kept] = await harness.database.query<{ found: bigint }>({
    text: 'SELECT count(*) AS found FROM operators AS o WHERE o::text LIKE $1',
    values: [`%${made.operator_key.slice(-48)}%`],
  });
  expect(kept?.found).toBe(0n);
  await expect(run([])).rejects.toThrow('usage');
});

test('what operators ordered cannot be rewritten', async () => {
  const change = harness.database.execute({ text: "UPDATE operator_actions SET reason = 'another'" });
  await expect(change).rejects.toThrow('only ever added to');
});
