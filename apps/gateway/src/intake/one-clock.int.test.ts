// A claim is judged and dated by one reading of the clock, however long it takes to be stored.
import { HttpError } from '@paystream/http';
import { newId, toUuid } from '@paystream/payments';
import { waitFor } from '@paystream/runtime';
import { createLogger } from '@paystream/telemetry';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toPaymentClaim } from '../payments/payment-claim.ts';
import { findCustomers } from '../store/find-customers.ts';
import { readClock } from '../store/read-clock.ts';
import { readOperations } from '../store/read-operations.ts';
import { createClient, randomKey } from '../testing/client.ts';
import type { GatewayHarness } from '../testing/test-gateway.ts';
import { createHarness } from '../testing/test-gateway.ts';
import { storeGroup } from './store-group.ts';

const HOLD_MICROS = 1_000_000n;
let harness: GatewayHarness;

beforeAll(async () => {
  harness = await createHarness();
});

afterAll(() => harness.close());

test('a hold that was still ahead when it was judged ends after it was asked for', async () => {
  const { database, vault } = harness;
  const merchant = await harness.createMerchant();
  const customer = await createClient(await harness.start(), merchant.apiKey).createCustomer();
  const quoteId = newId('fxq');
  const now = await readClock(database);
  const endsAt = now + HOLD_MICROS;
  const claim = toPaymentClaim({
    caller: {
      ...{ keyId: 'key', scopes: new Set(), environment: 'test', merchantVersion: 1n },
      ...{ merchantId: merchant.merchantId, merchantUuid: toUuid(merchant.merchantId) },
    },
    idempotencyKey: randomKey(),
    body: {
      ...{ amount: 1_099, currency: 'USD', customer, fx_quote: quoteId, capture_method: 'manual' },
      capture_before: `${new Date(Number(endsAt / 1_000n)).toISOString().slice(0, -1)}000Z`,
    },
    traceparent: null,
    params: {},
  });
  const quote = {
    ...{ quoteId, fromCurrency: 'EUR', toCurrency: 'USD', rate: '1.1', baseRate: '1.1', markupBps: 0 },
    ...{ quotedAt: now, expiresAt: now + 60n * HOLD_MICROS, rateSource: null, ratePublishedAt: null },
  };
  // What it is judged by comes so late that the hold has ended when the claim is stored.
  const load = async () => {
    await waitFor(async () => (await readClock(database)) > endsAt, { what: 'the end of the hold' });
    return new Map([[quoteId, { merchantId: merchant.merchantId, environment: 'test' as const, quote }]]);
  };
  const [outcome] = await storeGroup(
    {
      ...{ database, vault, logger: createLogger({ name: 'test', level: 'silent' }), quotes: { load } },
      owners: { load: (uuids) => findCustomers(database, uuids) },
    },
    [claim],
  );
  if (outcome?.kind !== 'accepted') throw new HttpError('internal', { detail: JSON.stringify(outcome) });
  const { requestedAtMicros } = outcome;
  expect(requestedAtMicros).toBeLessThan(outcome.claim.terms.authorize?.expiresAt ?? 0n);
  // What a relay publishes after a crash is the same record.
  const stored = await readOperations(database, [claim.uuid]);
  expect(stored.get(claim.uuid)?.requestedAtMicros).toBe(requestedAtMicros);
});
