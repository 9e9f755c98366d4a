/** One payment walks from HTTP to settled money, e-mail and proof, through two instances of every app. */

import { randomUUID } from 'node:crypto';
import { waitFor } from '@paystream/runtime';
import { createTestMessaging } from '@paystream/testkit';
import type { TestMessaging } from '@paystream/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runWholeProof } from '../prove/run-proof.ts';
import { SABOTAGES } from '../prove/sabotage.ts';
import { createMerchant } from './testing/merchant.ts';
import type { Merchant } from './testing/merchant.ts';
import { startPipeline } from './testing/start-pipeline.ts';
import type { Pipeline } from './testing/start-pipeline.ts';

let pipeline: Pipeline;
let first: Merchant;
let second: Merchant;
let log: TestMessaging;

beforeAll(async () => {
  pipeline = await startPipeline();
  const stack = await pipeline.stack();
  const [firstUrl = '', secondUrl = ''] = stack.gateway_urls;
  first = createMerchant(firstUrl, stack.api_key);
  second = createMerchant(secondUrl, stack.api_key);
  log = await createTestMessaging({ topicPrefix: stack.kafka_topic_prefix });
});

afterAll(async () => {
  await log?.close();
  await pipeline?.close();
});

async function proved(): Promise<void> {
  const proof = await runWholeProof(await pipeline.stack());
  expect(
    proof.differenceCount,
    JSON.stringify(proof.differences.slice(0, 5), (_key, value: unknown) => String(value)),
  ).toBe(0);
  expect(proof.postings).toBeGreaterThan(0);
}

describe('the walk of one payment', () => {
  test('asked at one gateway, final at both, with fee, balance, transactions and e-mail', async () => {
    const customer = await first.customerWith(10_000);
    const asked = await first.post('/v1/payments', { amount: 1_099, currency: 'USD', customer }, { prefer: 'wait=30' });
    expect(asked.status).toBe(201);
    expect(asked.body.status).toBe('succeeded');
    // 2.9 % of 10.99 is 31.871, half to even 32, and 30 on top.
    expect(asked.body.fees?.map((fee) => fee.amount)).toEqual([62]);

    const seen = await second.get(`/v1/payments/${asked.body.id}`);
    expect(seen.body).toEqual(asked.body);
    const balances = await second.get(`/v1/customers/${customer}/balances`);
    expect(balances.text).toContain('8901');
    const transactions = await second.get(`/v1/customers/${customer}/transactions`);
    expect(transactions.body.data).toHaveLength(2);

    const { mail_url: mailUrl } = await pipeline.stack();
    await waitFor(async () => (await (await fetch(`${mailUrl}/messages`)).text()).includes('10.99'), {
      what: 'an e-mail that names the amount',
      deadlineMs: 30_000,
    });
  });

  test('a payment that the wallet cannot bear fails, and says why', async () => {
    const customer = await first.customerWith(500);
    const asked = await second.post('/v1/payments', { amount: 501, currency: 'USD', customer }, { prefer: 'wait=30' });
    expect(asked.status).toBe(201);
    expect(asked.body).toMatchObject({ status: 'failed', failure: { code: 'insufficient_funds' } });
  });

  test('64 equal requests over both gateways are one payment, with one answer', async () => {
    const customer = await first.customerWith(10_000);
    const headers = { 'idempotency-key': randomUUID(), prefer: 'wait=30' };
    const body = { amount: 700, currency: 'USD', customer };
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_unused, index) =>
        askUntilClaimed(() => (index % 2 === 0 ? first : second).post('/v1/payments', body, headers)),
      ),
    );
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
    expect(answers.every((answer) => answer.status === 201)).toBe(true);
    const balances = await first.get(`/v1/customers/${customer}/balances`);
    expect(balances.text).toContain('9300');
  });

  test('64 spends of one balance are approved as often as it bears', async () => {
    const customer = await first.customerWith(1_000);
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_unused, index) =>
        (index % 2 === 0 ? first : second).post(
          '/v1/payments',
          { amount: 100, currency: 'USD', customer },
          { prefer: 'wait=30' },
        ),
      ),
    );
    expect(answers.filter((answer) => answer.body.status === 'succeeded')).toHaveLength(10);
    expect(answers.filter((answer) => answer.body.failure?.code === 'insufficient_funds')).toHaveLength(54);
  });

  test('a batch answers line by line in order; a bad line fails alone', async () => {
    const customer = await first.customerWith(10_000);
    const good = (key: string) => JSON.stringify({ idempotency_key: key, amount: 100, currency: 'USD', customer });
    const lines = [good(randomUUID()), '{"amount":0}', 'no json', good(randomUUID())].join('\n');
    const answer = await second.post('/v1/payments/batch', lines, {
      'content-type': 'application/x-ndjson',
      prefer: 'wait=30',
    });
    const results = answer.text.trim().split('\n');
    expect(results).toHaveLength(4);
    expect(results[0]).toContain('"succeeded"');
    expect(results[1]).toMatch(/"(code)":"/);
    expect(results[2]).toMatch(/"(code)":"/);
    expect(results[3]).toContain('"succeeded"');
  });

  test('poison on the topics becomes dead letters, and the payments behind it go on', async () => {
    const publisher = log.messaging.createPublisher();
    const poison = [Buffer.alloc(0), null, Buffer.from('junk'), Buffer.from([0, 0x7f, 0xff, 0xff, 0xff, 1, 2])];
    const ends = log.messaging.admin.endOffsets('payment.processed');
    const partitions = [...(await ends).keys()];
    await publisher.publish(
      ['payment.requested', 'payment.processed', 'customer.notification'].flatMap((topic) =>
        partitions.flatMap((partition) =>
          poison.map((value) => ({ topic, partition, key: Buffer.from('cus_x'), value, headers: {} })),
        ),
      ),
    );
    await publisher.close();

    const customer = await first.customerWith(10_000);
    const asked = await first.post('/v1/payments', { amount: 100, currency: 'USD', customer }, { prefer: 'wait=30' });
    expect(asked.body.status).toBe('succeeded');
    const expected = poison.length * partitions.length;
    for (const dlq of [
      'payment.requested.processor.dlq',
      'payment.processed.accounts.dlq',
      'customer.notification.notifier.dlq',
    ]) {
      await waitFor(async () => (await recordsOf(dlq)) === expected, {
        what: `${expected} records in ${dlq}`,
        deadlineMs: 30_000,
      });
    }
    await proved();
  });

  test('the books equal the log, and falsified books do not', async () => {
    await proved();
    for (const sabotage of SABOTAGES) {
      const proof = await runWholeProof(await pipeline.stack(), { sabotage });
      expect(proof.sabotage?.found, sabotage).toBe(true);
    }
  });

  test('a supervisor killed with -9 leaves nothing that hinders the next start, which reads what is there', async () => {
    const before = await pipeline.stack();
    await pipeline.end('SIGKILL');
    const apps = Object.entries(before.pids).filter(([name]) => name !== 'supervisor');
    await waitFor(() => apps.every(([, pid]) => !isAlive(pid)), {
      what: 'the apps to follow their supervisor',
      deadlineMs: 30_000,
    });
    await pipeline.startAgain();
    const stack = await pipeline.stack();
    expect(stack.api_key).toBe(before.api_key);
    const merchant = createMerchant(stack.gateway_url, stack.api_key);
    const customer = await merchant.customerWith(1_000);
    const asked = await merchant.post('/v1/payments', { amount: 1, currency: 'USD', customer }, { prefer: 'wait=30' });
    expect(asked.body.status).toBe('succeeded');
    await proved();
  });
});

/** While the claim itself is being written a gateway may answer 409: ask again, as a client would. */
async function askUntilClaimed(ask: () => Promise<{ status: number; text: string }>) {
  return waitFor(
    async () => {
      const answer = await ask();
      return answer.status === 409 ? null : answer;
    },
    { what: 'the claim to be written' },
  );
}

async function recordsOf(topic: string): Promise<number> {
  const ends = await log.messaging.admin.endOffsets(topic);
  let count = 0;
  for (const [partition, before] of ends.entries()) {
    for await (const records of log.messaging.readRange({ topic, partition, from: 0n, before }))
      count += records.length;
  }
  return count;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
