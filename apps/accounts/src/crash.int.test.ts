// Accounts killed at any step, and started again, has lost nothing and doubled nothing: in the books and on the topics.
import { randomId } from '@paystream/testkit';
import { expect, test } from 'vitest';
import { findFaults } from './testing/check-books.ts';
import { aHistory } from './testing/events.ts';
import { someLives } from './testing/lives.ts';
import type { Harness } from './testing/harness.ts';
import { createHarness, decidedIn } from './testing/harness.ts';

// At the same time, for each waits until the group has missed the killed member: its session is six seconds.
test.concurrent.each([
  'accounts.before_lock',
  'accounts.locked',
  'accounts.before_save',
  'messaging.before_database_commit',
  'accounts.committing',
  'messaging.database_committed',
  'messaging.records_sent',
  'messaging.offset_sent',
  'messaging.transaction_committed',
])('killed at %s', async (faultPoint) => {
  const harness = await createHarness({ partitions: 2 });
  try {
    await killAndRestart(faultPoint, harness);
  } finally {
    await harness.close();
  }
});

async function killAndRestart(faultPoint: string, harness: Harness): Promise<void> {
  const merchantId = randomId('mer');
  const payments = aHistory({ customers: 60, payments: 4, merchantIds: [merchantId] });
  const lives = someLives({ customers: 10, merchantId });
  const history = [...payments.slice(0, 50), ...lives, ...payments.slice(50)];
  await harness.process(history.slice(0, 100));
  // Not the first batch: something has been decided and published already.
  const killed = harness.runUntilKilled(faultPoint, { skip: 1 });
  await harness.process(history.slice(100));
  expect(await killed).toBe('SIGKILL');

  await harness.startInstance();
  await harness.untilDone();
  expect(decidedIn(harness)).toEqual(history.map(({ operationId, pass }) => `${operationId}/${pass}`).toSorted());
  const told = harness.notifications.map(({ value }) => value);
  expect(new Set(told.map(({ notificationId }) => notificationId)).size).toBe(told.length);
  const toldOf = new Set(told.map(({ operationId }) => operationId));
  expect(payments.filter(({ operationId }) => !toldOf.has(operationId))).toEqual([]);
  expect(harness.deadLetters).toHaveLength(0);
  expect(await findFaults(harness.database)).toEqual([]);
  // Three of each customer's four payments can be paid, whatever happened in between.
  const failed = harness.settled.filter(({ value }) => value.operation === 'pay' && value.status === 'failed');
  expect(failed.map(({ value }) => value.failure?.code)).toEqual(
    Array.from({ length: 60 }, () => 'insufficient_funds'),
  );
}
