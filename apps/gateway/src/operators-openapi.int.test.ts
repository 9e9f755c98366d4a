// Holds the answers to operators, and those about quotes, disputes and estimates, against the two documents.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Client } from './testing/client.ts';
import { createClient, randomKey } from './testing/client.ts';
import { readDocument } from './testing/document.ts';
import { publishRates } from './testing/publish-rates.ts';
import type { Responder } from './testing/responder.ts';
import { startResponder } from './testing/responder.ts';
import type { GatewayHarness } from './testing/test-gateway.ts';
import { createHarness } from './testing/test-gateway.ts';

const REASON = { reason_code: 'test', reason: 'To see the answer' };

let harness: GatewayHarness;
let responder: Responder;
let operator: Client;
let second: Client;
let client: Client;
let merchantId: string;

beforeAll(async () => {
  harness = await createHarness();
  await publishRates(harness.test.messaging, [{ environment: 'test', quoteCurrency: 'USD', rate: '1.25' }]);
  responder = await startResponder(harness.test.messaging);
  const gateway = await harness.start();
  const merchant = await harness.createMerchant();
  ({ merchantId } = merchant);
  client = createClient(gateway, merchant.apiKey);
  operator = createClient({ server: gateway.operatorServer }, await harness.createOperator());
  second = createClient({ server: gateway.operatorServer }, await harness.createOperator());
});

afterAll(async () => {
  await responder.stop();
  await harness.close();
});

test('the operators’ document has every route of theirs, and no other', async () => {
  expect((await readDocument(operator)).routes).toEqual(
    [
      'GET /v1/merchants/{id}/fee_plan',
      'PUT /v1/merchants/{id}/fee_plan',
      'GET /v1/merchants/{id}/risk_plan',
      'PUT /v1/merchants/{id}/risk_plan',
      'POST /v1/accounts/{account_id}/freeze',
      'POST /v1/accounts/{account_id}/unfreeze',
      'POST /v1/accounts/{account_id}/close',
      'POST /v1/accounts/{account_id}/limits',
      'POST /v1/corrections',
      'POST /v1/corrections/{id}/approve',
      'GET /v1/corrections/{id}',
      'POST /v1/payouts/{id}/resolve',
      'GET /v1/operations/{id}',
      'GET /openapi.json',
    ].toSorted(),
  );
});

const idOf = ({ body }: { body: unknown }) => (body as { id: string }).id; // held against the schema beside

test('every answer to operators is exactly of its schema', async () => {
  const { expectAsPromised } = await readDocument(operator);
  for (const [plan, rule] of [
    ['fee_plan', { kind: 'processing', operation: 'pay', percent_bps: 1, bearer: 'merchant', refund_policy: 'keep' }],
    ['risk_plan', { kind: 'country', decision: 'refuse', matches: ['KP'] }],
  ] as const) {
    const path = `/v1/merchants/${merchantId}/${plan}?environment=test`;
    expectAsPromised('get', `/v1/merchants/{id}/${plan}`, await operator.get(path));
    const changed = await operator.put(path, { rules: [{ rule_id: 'a', ...rule }], ...REASON });
    expectAsPromised('put', `/v1/merchants/{id}/${plan}`, changed);
    expectAsPromised('put', `/v1/merchants/{id}/${plan}`, await operator.put(path, {}));
  }
  const account = `/v1/accounts/test:payable:${merchantId}:USD`;
  const frozen = await operator.post(`${account}/freeze`, REASON);
  expectAsPromised('post', '/v1/accounts/{account_id}/freeze', frozen);
  const unfrozen = await operator.post(`${account}/unfreeze`, REASON, { prefer: 'wait=0' });
  expectAsPromised('post', '/v1/accounts/{account_id}/unfreeze', unfrozen);
  const limited = await operator.post(`${account}/limits`, { ...REASON, daily_count: 1 });
  expectAsPromised('post', '/v1/accounts/{account_id}/limits', limited);
  expectAsPromised('post', '/v1/accounts/{account_id}/close', await operator.post(`${account}/close`, {}));
  expectAsPromised('get', '/v1/operations/{id}', await operator.get(`/v1/operations/${idOf(frozen)}`));

  const customer = await client.createCustomer();
  const topUp = await client.post('/v1/top_ups', { amount: 5, currency: 'USD', customer });
  expectAsPromised('get', '/v1/operations/{id}', await operator.get(`/v1/operations/${idOf(topUp)}`));
  const line = { debit: 'test:suspense:USD', credit: 'test:fee_income:USD', currency: 'USD', amount: 1_000_000 };
  const asked = await operator.post('/v1/corrections', { of_operation: idOf(topUp), lines: [line], ...REASON });
  expectAsPromised('post', '/v1/corrections', asked);
  expectAsPromised('get', '/v1/corrections/{id}', await operator.get(`/v1/corrections/${idOf(asked)}`));
  const approved = await second.post(`/v1/corrections/${idOf(asked)}/approve`, REASON);
  expectAsPromised('post', '/v1/corrections/{id}/approve', approved);

  const payOut = await client.post('/v1/payouts', { amount: 5, currency: 'USD', customer });
  const route = '/v1/payouts/{id}/resolve';
  for (const id of [idOf(payOut), idOf(topUp)]) {
    const resolved = await operator.post(`/v1/payouts/${id}/resolve`, { outcome: 'paid', ...REASON });
    expectAsPromised('post', route, resolved);
  }
});

test('every answer about rates, estimates, facts and disputes is exactly of its schema', async () => {
  const { expectAsPromised } = await readDocument(client);
  const pair = { from_currency: 'EUR', to_currency: 'USD' };
  await vi.waitFor(async () => expect((await client.post('/v1/fx_quotes', pair)).status).toBe(201), {
    timeout: 10_000,
  });
  const quote = await client.post('/v1/fx_quotes', pair);
  expectAsPromised('post', '/v1/fx_quotes', quote);
  expectAsPromised('get', '/v1/fx_quotes/{id}', await client.get(`/v1/fx_quotes/${idOf(quote)}`));

  const customer = await client.createCustomer();
  await client.post('/v1/top_ups', { amount: 5_000, currency: 'EUR', customer });
  const payment = { amount: 100, currency: 'USD', source_currency: 'EUR' };
  expectAsPromised('post', '/v1/estimates', await client.post('/v1/estimates', payment));
  expectAsPromised('post', '/v1/estimates', await client.post('/v1/estimates', { ...payment, currency: 'KWD' }));
  for (const changes of [{}, { amount: 9_000_000 }, { currency: 'KWD' }, { capture_method: 'manual' }]) {
    const tried = await client.post('/v1/payments', { ...payment, customer, dry_run: true, ...changes });
    expect(tried.status).toBe(200);
    expectAsPromised('post', '/v1/payments', tried);
  }
  const paid = await client.post('/v1/payments', { amount: 1, currency: 'EUR', customer });
  const fact = { id: randomKey(), type: 'dispute_opened', payment: idOf(paid), dispute: 'd', amount: 1 };
  expectAsPromised('post', '/v1/sandbox/provider_events', await client.post('/v1/sandbox/provider_events', fact));
  expectAsPromised('post', '/v1/sandbox/provider_events', await client.post('/v1/sandbox/provider_events', {}));
  expectAsPromised('get', '/v1/disputes', await client.get('/v1/disputes'));
  expectAsPromised('get', '/v1/disputes/{id}', await client.get('/v1/disputes/dp_x'));
});
