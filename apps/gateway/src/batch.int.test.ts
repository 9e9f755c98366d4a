// Sends payments by the thousand in one request: each line stands alone, and the order is kept.
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Gateway } from './app.ts';
import type { Client } from './testing/client.ts';
import { createClient, randomKey } from './testing/client.ts';
import type { Responder } from './testing/responder.ts';
import { startResponder } from './testing/responder.ts';
import type { GatewayHarness } from './testing/test-gateway.ts';
import { createHarness } from './testing/test-gateway.ts';

let harness: GatewayHarness;
let gateway: Gateway;
let responder: Responder;
let client: Client;
let apiKey: string;
let customer: string;

beforeAll(async () => {
  harness = await createHarness();
  responder = await startResponder(harness.test.messaging);
  gateway = await harness.start();
  ({ apiKey } = await harness.createMerchant());
  client = createClient(gateway, apiKey);
  customer = await client.createCustomer();
  await client.post('/v1/top_ups', { amount: 1_000_000, currency: 'USD', customer });
});

afterAll(async () => {
  await responder.stop();
  await harness.close();
});

const line = (amount: number, key = randomKey()) => ({ amount, currency: 'USD', customer, idempotency_key: key });
const toLines = (lines: readonly unknown[]) =>
  lines.map((item) => (typeof item === 'string' ? item : JSON.stringify(item))).join('\n');
const NDJSON = { 'content-type': 'application/x-ndjson' };

interface Result {
  line: number;
  status: number;
  replayed: boolean;
  payment: { amount: number; status: string } | null;
  error: { code: string; param: string | null } | null;
}

async function send(lines: readonly unknown[], wait: number): Promise<Result[]> {
  const reply = await client.post('/v1/payments/batch', toLines(lines), { ...NDJSON, prefer: `wait=${wait}` });
  expect(reply.status).toBe(200);
  return reply.body as Result[]; // checked against the document's schema in the test of the document
}

test('every line has its result in its place, and a bad line fails alone', async () => {
  const key = randomKey();
  const results = await send(
    [
      line(101, key),
      '{"amount":',
      '',
      line(0),
      line(102, key),
      { ...line(1), idempotency_key: undefined },
      { ...line(1), idempotency_key: 'x y' },
      { ...line(1), note: 'x' },
      line(103),
      JSON.stringify(line(1)).replace('"amount":1', '"amount":1.0'),
      line(101, key),
      { ...line(5), description: '4111111111111111' },
      `{"description":"${'x'.repeat(70_000)}"}`,
      line(104),
    ],
    10,
  );
  expect(results.map((result) => [result.line, result.status, result.payment?.amount ?? result.error?.code])).toEqual([
    [1, 201, 101],
    [2, 400, 'json_invalid'],
    [3, 422, 'amount_invalid'],
    [4, 422, 'idempotency_key_reused'],
    [5, 400, 'idempotency_key_missing'],
    [6, 400, 'idempotency_key_invalid'],
    [7, 400, 'parameter_unknown'],
    [8, 201, 103],
    [9, 422, 'amount_invalid'],
    [10, 201, 101],
    [11, 422, 'card_number_refused'],
    [12, 413, 'body_too_large'],
    [13, 201, 104],
  ]);
  expect(results.map(({ replayed }) => replayed).indexOf(true)).toBe(9);
});

test('a line and a single request with its key are the same payment', async () => {
  const key = randomKey();
  const [result] = await send([line(77, key)], 10);
  const { idempotency_key: _key, ...body } = line(77, key);
  const single = await client.post('/v1/payments', body, { 'idempotency-key': key });
  expect(single.headers['idempotent-replayed']).toBe('true');
  expect(single.body).toEqual(result?.payment);
});

test('5,000 lines are accepted once each, in order', async () => {
  const lines = Array.from({ length: 5_000 }, (_, place) => line(place + 1));
  const results = await send(lines, 0);
  expect(results.map(({ status, payment }) => [status, payment?.amount])).toEqual(
    lines.map(({ amount }) => [202, amount]),
  );
  const repeated = await send(lines.slice(0, 100), 0);
  expect(repeated.every(({ replayed }) => replayed)).toBe(true);
});

test('the line after the ten-thousandth is refused, and nothing after it is read', async () => {
  const bad = Array.from({ length: 10_005 }, () => '{}');
  const results = await send(bad, 0);
  expect(results).toHaveLength(10_001);
  expect(results.at(-1)).toMatchObject({ line: 10_001, status: 413, error: { code: 'body_too_large' } });
});

test('waiting is for the whole batch: what is not final in time is 202', async () => {
  const foreign = await client.createCustomer();
  const results = await send([line(1), { ...line(2), customer: foreign }], 10);
  expect(results.map(({ status, payment }) => [status, payment?.status])).toEqual([
    [201, 'succeeded'],
    [201, 'failed'],
  ]);
});

test('a client that goes away in the middle loses nothing of what was accepted', async () => {
  const key = randomKey();
  const { port } = new URL(gateway.info.url);
  const text = `${JSON.stringify(line(55, key))}\n`;
  await new Promise<void>((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write(
        `POST /v1/payments/batch HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${apiKey}\r\nPrefer: wait=0\r\n` +
          `Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n${text.length.toString(16)}\r\n${text}\r\n`,
      );
    });
    // The first result has come although the body has no end yet; then the client dies.
    socket.on('data', (chunk) => {
      if (chunk.toString().includes('"line":1')) socket.destroy();
    });
    socket.on('close', () => resolve());
    socket.on('error', reject);
  });
  const { idempotency_key: _key, ...body } = line(55, key);
  expect(await client.post('/v1/payments', body, { 'idempotency-key': key })).toMatchObject({
    status: 201,
    headers: { 'idempotent-replayed': 'true' },
  });
});

test('a body beyond its bytes is refused where it reaches them, and the results arrive while it is still being sent', async () => {
  const text = `${JSON.stringify({ description: 'x'.repeat(60_000) })}\n`;
  const response = await fetch(`${gateway.info.url}/v1/payments/batch`, {
    method: 'POST',
    headers: { ...NDJSON, authorization: `Bearer ${apiKey}` },
    body: text.repeat(300),
  });
  const results = (await response.text()).trimEnd().split('\n');
  expect(results).toHaveLength(Math.floor((16 * 1_048_576) / text.length) + 1);
  expect(JSON.parse(results.at(-1) ?? '')).toMatchObject({ status: 413, error: { code: 'body_too_large' } });
});
