/** Random streams of every operation through two real accounts processes, one of them killed in the midst, onto PostgreSQL. */

import type { OutgoingRecord } from '@paystream/messaging';
import { eventHeaders } from '@paystream/messaging';
import { keyOfOperation } from '@paystream/payments';
import { waitFor } from '@paystream/runtime';
import { describeDifference } from '@paystream/proof';
import { aMove, createTestMessaging, operationsOf } from '@paystream/testkit';
import type { TestMessaging } from '@paystream/testkit';
import type { PaymentProcessed } from '@paystream/topics';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectDatabase } from '../connect.ts';
import { runProof } from '../prove/run-proof.ts';
import { startPipeline } from './testing/start-pipeline.ts';
import type { Pipeline } from './testing/start-pipeline.ts';

const STREAMS = 12;
const MOVES = 150;
const NUMBERS_APART = 1_000_000;
const STATEMENT_TIMEOUT_MS = 30_000;
/** Named in the failure, so that the same streams can be had again. */
const SEED = Number(process.env['FC_SEED'] ?? Date.now() % 2 ** 31);

let pipeline: Pipeline;
let log: TestMessaging;

beforeAll(async () => {
  pipeline = await startPipeline();
  log = await createTestMessaging({ topicPrefix: (await pipeline.stack()).kafka_topic_prefix });
});

afterAll(async () => {
  await log?.close();
  await pipeline?.close();
});

function toRecord(event: PaymentProcessed): OutgoingRecord {
  const { operationId, merchantId, environment, processedAt: timeMicros } = event;
  return {
    topic: 'payment.processed',
    partition: null,
    key: Buffer.from(keyOfOperation(event)),
    value: log.messaging.codec.encode('payment.processed', event),
    headers: eventHeaders({
      ...{ id: `${operationId}.${event.pass}`, type: 'payment.processed', source: 'test', timeMicros },
      ...{ subject: operationId, merchantId, environment, correlationId: operationId, causationId: null },
      producerVersion: 'test',
    }),
  };
}

/** Holds for any books at all: what is not zero is wrong. */
const PROMISES = {
  'every currency sums to zero': `SELECT currency FROM accounts GROUP BY currency HAVING sum(posted) <> 0`,
  'balances are the sums of their lines': `
    SELECT id FROM accounts LEFT JOIN (SELECT account_id, sum(amount) AS sum FROM signed_lines GROUP BY 1) AS l ON account_id = id
     WHERE posted <> coalesce(sum, 0)`,
  'no checked account is below its limit': `SELECT id FROM accounts WHERE checked AND posted - held + overdraft < 0`,
  'no payment captures more than was authorized': `SELECT payment_id FROM payments WHERE captured + capture_pending > authorized`,
  'no payment gives back more than was captured': `
    SELECT payment_id FROM payments WHERE refunded + refund_pending + disputed > captured`,
  'every operation is decided once': `SELECT operation_id FROM operations GROUP BY operation_id, pass HAVING count(*) > 1`,
  'nothing is held for payments that are over': `
    SELECT a.id FROM accounts AS a WHERE a.held <> 0 AND NOT EXISTS (
      SELECT FROM payments AS p WHERE p.status IN ('authorized', 'partially_captured')
         AND a.id LIKE '%:wallet:' || p.customer_id || ':%')`,
} as const;

test(`seed ${SEED}: every promise holds, and the books follow from the log`, async () => {
  const sampled = fc.sample(fc.array(aMove, { minLength: MOVES, maxLength: MOVES, size: 'max' }), {
    numRuns: STREAMS,
    seed: SEED,
  });
  const publisher = log.messaging.createPublisher();
  const before = (await pipeline.stack()).pids['accounts'] ?? 0;
  for (const [at, moves] of sampled.entries()) {
    await publisher.publish(operationsOf(moves, 1 + at * NUMBERS_APART).map(toRecord));
    if (at === STREAMS / 2) process.kill(before, 'SIGKILL');
  }
  await publisher.close();
  await waitFor(async () => (await pipeline.stack()).pids['accounts'] !== before, {
    what: 'the killed process to be back',
    deadlineMs: 30_000,
  });
  await untilAllApplied();

  const stack = await pipeline.stack();
  const proof = await runProof(stack);
  expect(proof.differences.map(describeDifference)).toEqual([]);
  expect(proof.records).toBeGreaterThan(STREAMS * MOVES * 0.8);
  const database = connectDatabase(stack.databases.accounts, STATEMENT_TIMEOUT_MS);
  try {
    for (const [promise, text] of Object.entries(PROMISES)) {
      expect(await database.query({ text }), promise).toEqual([]);
    }
  } finally {
    await database.close();
  }
});

/** Until the books hold everything that is on the topic. */
async function untilAllApplied(): Promise<void> {
  const { accounts } = (await pipeline.stack()).databases;
  const database = connectDatabase(accounts, STATEMENT_TIMEOUT_MS);
  try {
    const ends = await log.messaging.admin.endOffsets('payment.processed');
    const isApplied = async () => {
      const rows = await database.query<{ partition: number; next_offset: bigint }>({
        text: `SELECT partition, next_offset FROM consumer_offsets WHERE topic LIKE '%payment.processed'`,
      });
      const applied = new Map(rows.map((row) => [row.partition, row.next_offset]));
      return ends.every((end, partition) => end === 0n || (applied.get(partition) ?? 0n) >= end);
    };
    await waitFor(isApplied, { what: 'the books to reach the end of the topic', deadlineMs: 90_000 });
  } finally {
    await database.close();
  }
}
