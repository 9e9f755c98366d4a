// Accounts killed at any step, and started again, has lost nothing and doubled nothing: in the books and on the topics.
import { randomId } from '@paystream/testkit';
import { expect, test } from 'vitest';
import { findFaults } from './testing/check-books.ts';
import { aHistory } from './testing/events.ts';
import type { Harness } from './testing/harness.ts';
import { createHarness } from './testing/harness.ts';

// At the same time, for each waits until the group has missed the killed member: its session is six seconds.
test.concurrent.each([
  'accounts.before_lock',
  'accounts.locked',
  'accounts.before_save',
  'accounts.saved',
  'messaging.before_database_commit',
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
  const history = aHistory({ customers: 60, payments: 4, merchantIds: [randomId('mer')] });
  await harness.process(history.slice(0, 100));
  // Not the first batch: something has been decided and published already.
  const killed = harness.runUntilKilled(faultPoint, { skip: 1 });
  await harness.process(history.slice(100));
  expect(await killed).toBe('SIGKILL');

  await harness.startInstance();
  await harness.untilDone();
  expectOnce(
    harness.settled,
    history.map(({ operationId }) => operationId),
  );
  expectOnce(
    harness.notifications,
    history.map(({ operationId }) => operationId),
  );
  expect(harness.deadLetters).toHaveLength(0);
  expect(await findFaults(harness.database)).toEqual([]);
  // Three of each customer's four payments can be paid, whatever happened in between.
  const failed = harness.settled.filter(({ value }) => value.failure?.code === 'insufficient_funds');
  expect(failed).toHaveLength(60);
}

function expectOnce(found: readonly { value: { operationId: string } }[], expected: readonly string[]): void {
  expect(found.map(({ value }) => value.operationId).toSorted()).toEqual(expected.toSorted());
}
