// What happens outside, and what is told late: the state of a payment follows the books, and never goes back.
import type { Publisher } from '@paystream/messaging';
import { newId } from '@paystream/payments';
import { aPaymentSettled } from '@paystream/testkit';
import type { PaymentSettled } from '@paystream/topics';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client, Reply } from './testing/client.ts';
import { createClient, randomKey } from './testing/client.ts';
import type { Responder } from './testing/responder.ts';
import { startResponder, toProgressed, toRecord } from './testing/responder.ts';
import type { GatewayHarness } from './testing/test-gateway.ts';
import { createHarness } from './testing/test-gateway.ts';

let harness: GatewayHarness;
let responder: Responder;
let publisher: Publisher;
let client: Client;
let customer: string;
/** Beyond any place in the responder's books. */
const LATER = 1_000_000n;

beforeAll(async () => {
  harness = await createHarness();
  responder = await startResponder(harness.test.messaging);
  publisher = harness.test.messaging.createPublisher();
  client = createClient(await harness.start(), (await harness.createMerchant()).apiKey);
  customer = await client.createCustomer();
  await client.post('/v1/top_ups', { amount: 100_000, currency: 'USD', customer });
});

afterAll(async () => {
  await publisher.close();
  await responder.stop();
  await harness.close();
});

function idOf({ body }: Reply): string {
  return (body as { id: string }).id; // as the document promises
}

async function tell(paymentId: string, changes: Partial<PaymentSettled>): Promise<void> {
  const request = responder.requested.find(({ operationId }) => operationId === paymentId);
  const { merchantId = '', customerId = null, amountMinor = null } = request ?? {};
  const ids = { operationId: newId('dis'), operation: 'dispute', paymentId, merchantId, customerId };
  const settled = aPaymentSettled({ ...ids, amountMinor, ledgerNumber: LATER, ...changes });
  await publisher.publish([toRecord(harness.test.messaging, settled, 0)]);
}

function disputed(disputedMinor: bigint): Pick<PaymentSettled, 'payment'> {
  const none = { capturePendingMinor: 0n, refundedMinor: 0n, refundPendingMinor: 0n };
  return { payment: { ...none, authorizedMinor: 1_000n, capturedMinor: 1_000n, disputedMinor } };
}

test('a dispute shows on the payment and closes the gate, until it is won; the first answer stays', async () => {
  const key = { 'idempotency-key': randomKey() };
  const body = { amount: 1_000, currency: 'USD', customer };
  const paid = await client.post('/v1/payments', body, key);
  const path = String(paid.headers['location']);
  await tell(idOf(paid), { ...disputed(300n), paymentStatus: 'disputed' });
  await expect
    .poll(async () => (await client.get(path)).body)
    .toMatchObject({ status: 'disputed', amount_disputed: 300, amount_captured: 1_000, failure: null });
  expect(await client.post(`${path}/refunds`, {})).toMatchObject({ status: 409, body: { code: 'payment_disputed' } });
  expect((await client.post('/v1/payments', body, key)).text).toBe(paid.text);

  await tell(idOf(paid), { ...disputed(0n), paymentStatus: 'succeeded', ledgerNumber: LATER + 1n });
  await expect
    .poll(async () => (await client.get(path)).body)
    .toMatchObject({ status: 'succeeded', amount_disputed: 0 });
  expect((await client.post(`${path}/refunds`, {}, { prefer: 'wait=0' })).status).toBe(202);
});

test('what is older in the books changes nothing, though it is told later', async () => {
  const paid = await client.post('/v1/payments', { amount: 1_000, currency: 'USD', customer });
  const path = String(paid.headers['location']);
  await tell(idOf(paid), { ...disputed(200n), paymentStatus: 'disputed' });
  await tell(idOf(paid), { ...disputed(100n), paymentStatus: 'disputed', ledgerNumber: LATER - 1n });
  // An operation nobody asked for here, behind the two in the same partition.
  const last = newId('pay');
  await tell(last, { operationId: last, operation: 'pay', customerId: newId('cus'), amountMinor: 1n });
  const isStored = () =>
    harness.database.query({ text: `SELECT FROM outcomes WHERE answer LIKE '%' || $1 || '%'`, values: [last] });
  await expect.poll(async () => (await isStored()).length).toBe(1);
  expect((await client.get(path)).body).toMatchObject({ amount_disputed: 200 });
});

test('a pay-out that comes back is returned, and a late word that it is on its way changes nothing', async () => {
  const body = { amount: 100, currency: 'USD', customer };
  const [one, other] = [await client.post('/v1/payouts', body), await client.post('/v1/payouts', body)];
  const path = String(one.headers['location']);
  await responder.endPayOut(idOf(one), 'paid');
  await expect.poll(async () => (await client.get(path)).body).toMatchObject({ status: 'paid' });
  const { payment } = disputed(0n);
  await tell(idOf(one), { operation: 'return', payment, paymentStatus: 'returned' });
  await expect.poll(async () => (await client.get(path)).body).toMatchObject({ status: 'returned', failure: null });

  await responder.endPayOut(idOf(other), 'paid');
  const otherPath = String(other.headers['location']);
  await expect.poll(async () => (await client.get(otherPath)).body).toMatchObject({ status: 'paid' });
  const progress = (paymentId: string, ledgerNumber: bigint) =>
    toProgressed(
      harness.test.messaging,
      { operation: 'pay_out', operationId: paymentId, paymentId, ledgerNumber, settledAt: 1n, status: 'in_transit' },
      0,
    );
  const unknown = newId('po');
  await publisher.publish([progress(idOf(one), 1n), progress(idOf(other), 1n), progress(unknown, 1n)]);
  const isStored = () =>
    harness.database.query({
      text: `SELECT FROM payment_states WHERE 'po_' || replace(payment_id::text, '-', '') = $1`,
      values: [unknown],
    });
  await expect.poll(async () => (await isStored()).length).toBe(1);
  expect((await client.get(path)).body).toMatchObject({ status: 'returned' });
  expect((await client.get(otherPath)).body).toMatchObject({ status: 'paid' });
});
