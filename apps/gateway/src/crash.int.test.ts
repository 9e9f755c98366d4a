// Kills a gateway between commit and publish, and after publish: what was accepted is published and settled once.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { waitFor } from '@paystream/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from './testing/client.ts';
import { createClient, randomKey } from './testing/client.ts';
import type { Responder } from './testing/responder.ts';
import { startResponder } from './testing/responder.ts';
import type { GatewayHarness } from './testing/test-gateway.ts';
import { createHarness } from './testing/test-gateway.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const START_MS_MAX = 30_000;

let harness: GatewayHarness;
let responder: Responder;
let survivor: Client;
let apiKey: string;
let customer: string;

beforeAll(async () => {
  harness = await createHarness();
  responder = await startResponder(harness.test.messaging);
  ({ apiKey } = await harness.createMerchant());
  survivor = createClient(await harness.start(), apiKey);
  customer = await survivor.createCustomer();
});

afterAll(async () => {
  await responder.stop();
  await harness.close();
});

/** Starts a gateway that kills itself at a fault point; gives its URL and a promise of its end. */
async function startDoomed(faultPoint: string): Promise<{ url: string; ended: Promise<NodeJS.Signals | null> }> {
  const { config } = harness;
  const child = spawn(process.execPath, [MAIN], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...process.env,
      KAFKA_BROKERS: config.KAFKA_BROKERS.join(','),
      KAFKA_TOPIC_PREFIX: config.KAFKA_TOPIC_PREFIX,
      SCHEMA_REGISTRY_URL: config.SCHEMA_REGISTRY_URL,
      GATEWAY_DATABASE_URL: config.GATEWAY_DATABASE_URL,
      PERSONAL_DATA_KEY: config.PERSONAL_DATA_KEY,
      GATEWAY_PORT: '0',
      GATEWAY_OPERATOR_PORT: '0',
      FAULTS: '1',
      FAULT_POINT: faultPoint,
    },
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
  const info = await new Promise<{ url: string }>((resolve, reject) => {
    child.once('message', (message) => resolve((message as { info: { url: string } }).info)); // runApp's ready message
    setTimeout(() => reject(new Error('the gateway did not start')), START_MS_MAX).unref();
  });
  return { url: info.url, ended };
}

test.each(['gateway.claims_committed', 'gateway.operations_published'])(
  'a gateway that dies at %s has kept what it accepted',
  { timeout: 60_000 },
  async (faultPoint) => {
    const doomed = await startDoomed(faultPoint);
    const key = randomKey();
    const body = { amount: 1, currency: 'USD', customer };
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', 'idempotency-key': key };
    // It dies before it answers, or just after: the client cannot tell what became of its request, and asks again.
    const answer = await fetch(`${doomed.url}/v1/payments`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    }).catch(() => undefined);
    expect(answer?.status).not.toBe(201);
    expect(await doomed.ended).toBe('SIGKILL');

    const final = await waitFor(
      async () => {
        const again = await survivor.post('/v1/payments', body, { 'idempotency-key': key });
        return again.status === 201 ? again : undefined;
      },
      { what: 'the final answer of a repetition', deadlineMs: 30_000 },
    );
    expect(final.headers['idempotent-replayed']).toBe('true');
    const { id } = final.body as { id: string }; // a payment, as the document promises
    expect(responder.requested.some(({ operationId }) => operationId === id)).toBe(true);
    await waitFor(
      async () => {
        const [row] = await harness.database.query<{ left: bigint }>({
          text: 'SELECT count(*) AS left FROM unpublished_operations',
        });
        return row?.left === 0n;
      },
      { what: 'an empty outbox', deadlineMs: 20_000 },
    );
    const [outcomes] = await harness.database.query<{ count: bigint }>({
      text: `SELECT count(*) FROM outcomes WHERE 'pay_' || replace(operation_id::text, '-', '') = $1`,
      values: [id],
    });
    expect(outcomes?.count).toBe(1n);
  },
);
