// Locks rates as merchants do, on rates that were really published.
import { waitFor } from '@paystream/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Gateway } from './app.ts';
import { createQuoteSource } from './fx-quotes/quote-source.ts';
import type { Client } from './testing/client.ts';
import { createClient } from './testing/client.ts';
import { PUBLISHED_AT, publishRates } from './testing/publish-rates.ts';
import type { GatewayHarness } from './testing/test-gateway.ts';
import { createHarness } from './testing/test-gateway.ts';

const REASON = { reason_code: 'contract', reason: 'As agreed' };

let harness: GatewayHarness;
let gateway: Gateway;
let client: Client;
let merchantId: string;

beforeAll(async () => {
  harness = await createHarness();
  await publishRates(harness.test.messaging, [
    { environment: 'test', quoteCurrency: 'USD', rate: '1.12415' },
    { environment: 'test', quoteCurrency: 'JPY', rate: '175.68' },
    { environment: 'live', quoteCurrency: 'USD', rate: '1.12415' },
  ]);
  gateway = await harness.start();
  const merchant = await harness.createMerchant();
  ({ merchantId } = merchant);
  client = createClient(gateway, merchant.apiKey);
  await waitFor(async () => (await quote('EUR', 'USD')).status === 201, { what: 'rates' });
});

afterAll(() => harness.close());

function quote(from: string, to: string, more: object = {}) {
  return client.post('/v1/fx_quotes', { from_currency: from, to_currency: to, ...more });
}

test('a quote has the reference rate, and its markup beside it', async () => {
  const operator = createClient({ server: gateway.operatorServer }, await harness.createOperator());
  const rule = {
    rule_id: 'markup',
    kind: 'fx_markup',
    operation: 'pay',
    percent_bps: 200,
    bearer: 'customer',
    refund_policy: 'keep',
  };
  const path = `/v1/merchants/${merchantId}/fee_plan?environment=test`;
  expect(await operator.put(path, { rules: [{ ...rule, fixed: 1, currency: 'USD' }], ...REASON })).toMatchObject({
    status: 422,
  });
  await operator.put(path, { rules: [rule], ...REASON });

  const made = await quote('EUR', 'USD', { lock: 'hour' });
  expect(made).toMatchObject({
    status: 201,
    body: {
      rate: '1.10167',
      base_rate: '1.12415',
      fee_rate: '0.02',
      reference_rate: '1.12415',
      reference_provider: 'ecb',
      lock: 'hour',
    },
  });
  const { id, quoted_at: from, expires_at: to } = made.body as Record<string, string>;
  expect(Date.parse(to ?? '') - Date.parse(from ?? '')).toBe(3_600_000);
  expect((await client.get(`/v1/fx_quotes/${id}`)).text).toBe(made.text);
  expect((await quote('USD', 'JPY')).body).toMatchObject({ base_rate: '156.278076769114442', lock: 'five_minutes' });
});

test('the terms of a quote travel with whoever uses it, and are nobody else’s', async () => {
  const { id } = (await quote('EUR', 'USD')).body as { id: string };
  const quotes = await createQuoteSource(harness.database).load([id, 'fxq_x']);
  expect([...quotes.keys()]).toEqual([id]);
  expect(quotes.get(id)).toMatchObject({ merchantId, environment: 'test' });
  const found = quotes.get(id)?.quote;
  expect(found).toMatchObject({ quoteId: id, baseRate: '1.12415', rateSource: 'ecb', ratePublishedAt: PUBLISHED_AT });
  expect((found?.expiresAt ?? 0n) - (found?.quotedAt ?? 0n)).toBe(300_000_000n);
  const other = await harness.createMerchant();
  expect(await createClient(gateway, other.apiKey).get(`/v1/fx_quotes/${id}`)).toMatchObject({ status: 404 });
});

test.each<[string, string, string, number, string]>([
  ['a currency nobody quotes', 'EUR', 'KWD', 422, 'fx_rate_unknown'],
  ['one currency twice', 'EUR', 'EUR', 422, 'parameter_invalid'],
  ['no currency', 'EUR', 'XXX', 422, 'currency_unknown'],
])('%s is refused', async (_name, from, to, status, code) => {
  expect(await quote(from, to)).toMatchObject({ status, body: { code } });
});

test('an old rate is refused where the money is real', async () => {
  const live = createClient(gateway, (await harness.createMerchant('live')).apiKey);
  const body = { from_currency: 'EUR', to_currency: 'USD' };
  expect(await live.post('/v1/fx_quotes', body)).toMatchObject({ status: 422, body: { code: 'fx_rate_stale' } });
});
