// Walks the list of payments in both directions with pages of any size: each is met once, newest first.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from './testing/client.ts';
import { createClient } from './testing/client.ts';
import type { GatewayHarness } from './testing/test-gateway.ts';
import { createHarness } from './testing/test-gateway.ts';

let harness: GatewayHarness;
let client: Client;
/** Newest first, as the database has them. */
let ids: string[];
const PAYMENTS = 37;

beforeAll(async () => {
  harness = await createHarness();
  client = createClient(await harness.start(), (await harness.createMerchant()).apiKey);
  const customer = await client.createCustomer();
  const pay = () => client.post('/v1/payments', { amount: 1, currency: 'USD', customer }, { prefer: 'wait=0' });
  // Some alone, some together: those share one instant.
  for (let turn = 0; turn < 5; turn++) await pay();
  await Promise.all(Array.from({ length: PAYMENTS - 5 }, pay));
  const rows = await harness.database.query<{ id: string }>({
    text: `SELECT 'pay_' || replace(id::text, '-', '') AS id FROM operations ORDER BY requested_at DESC, operations.id DESC`,
  });
  ids = rows.map(({ id }) => id);
});

afterAll(() => harness.close());

interface Page {
  data: { id: string }[];
  has_more: boolean;
  next_cursor: string | null;
}

async function pageOf(query: string): Promise<Page> {
  const reply = await client.get(`/v1/payments?${query}`);
  expect(reply.status).toBe(200);
  return reply.body as Page; // checked against the document's schema in the test of the document
}

async function walk(side: 'starting_after' | 'ending_before', limit: number, from: string | null): Promise<string[]> {
  const met: string[] = [];
  for (let cursor = from; ;) {
    const page = await pageOf(`limit=${limit}${cursor === null ? '' : `&${side}=${cursor}`}`);
    const found = page.data.map(({ id }) => id);
    expect(found.length).toBeLessThanOrEqual(limit);
    expect(page.has_more).toBe(page.next_cursor !== null);
    if (side === 'starting_after') met.push(...found);
    else met.unshift(...found);
    if (page.next_cursor === null) return met;
    cursor = page.next_cursor;
  }
}

test('every payment is there to be listed', () => {
  expect(ids).toHaveLength(PAYMENTS);
});

test('any size of page, from any payment, meets each of the others once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.nat(PAYMENTS - 1), async (limit, place) => {
      const from = ids[place] ?? null;
      expect(await walk('starting_after', limit, null)).toEqual(ids);
      expect(await walk('starting_after', limit, from)).toEqual(ids.slice(place + 1));
      expect(await walk('ending_before', limit, from)).toEqual(ids.slice(0, place));
    }),
    { numRuns: 12 },
  );
});

test('shows ten when no limit is said, and refuses two cursors', async () => {
  expect((await pageOf('')).data).toHaveLength(10);
  expect((await client.get(`/v1/payments?starting_after=${ids[0]}&ending_before=${ids[1]}`)).status).toBe(422);
  expect((await client.get(`/v1/payments?starting_after=pay_${'0'.repeat(32)}`)).status).toBe(422);
});
