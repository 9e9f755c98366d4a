// Shows that the check of the books finds what is wrong with them: each of these faults is one it has to name.
import { randomId } from '@paystream/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findFaults } from './check-books.ts';
import type { Harness } from './harness.ts';
import { createHarness } from './harness.ts';
import { someLives } from './lives.ts';
import { anAuthorize, aPayOut } from './operations.ts';

let harness: Harness;

beforeAll(async () => {
  harness = await createHarness({ partitions: 1 });
  const [topUp, ...life] = someLives({ customers: 2, merchantId: randomId('mer') });
  if (topUp === undefined) throw new Error('a life begins with a top-up');
  const { customerId } = topUp;
  const open = [anAuthorize({ customerId, amountMinor: 1_00n }), aPayOut({ customerId, amountMinor: 50n })];
  await harness.process([topUp, ...open, ...life]);
  await harness.startInstance();
  await harness.untilDone();
});

afterAll(() => harness.close());

/** Faults found when this is done to the books; it is undone again. */
async function faultsAfter(...edits: string[]): Promise<string[]> {
  const undone = new Error('undone');
  let faults: string[] = [];
  const breaking = harness.database.transaction(async (transaction) => {
    await transaction.execute({ text: 'SET LOCAL session_replication_role = replica' }); // past append-only triggers
    for (const text of edits) await transaction.execute({ text });
    faults = await findFaults(transaction);
    throw undone;
  });
  await expect(breaking).rejects.toBe(undone);
  return faults.map((fault) => fault.slice(0, fault.lastIndexOf(':')));
}

test('books that nobody broke have no fault', async () => {
  expect(await faultsAfter('SELECT 1')).toEqual([]);
});

const A_WALLET = `id = (SELECT min(id) FROM accounts WHERE split_part(id, ':', 2) = 'wallet')`;

test.each([
  ['a balance', `UPDATE accounts SET posted = posted + 1 WHERE ${A_WALLET}`, 'a balance does not follow'],
  ['a hold', `UPDATE accounts SET held = held + 1 WHERE ${A_WALLET}`, 'what is held on a wallet'],
  ['a version too many', `UPDATE accounts SET version = version + 1 WHERE NOT checked`, 'a version does not follow'],
  ['a posting gone', 'DELETE FROM postings WHERE line = 0', 'an operation that moves money succeeded without'],
  ['a posting too many', 'UPDATE operations SET index = index + 1000', 'a posting belongs to no operation'],
  ['a refund', 'UPDATE payments SET refunded = refunded - 1 WHERE refunded > 0', 'what is refunded of a payment'],
  ['a capture', 'UPDATE payments SET captured = captured - 1 WHERE captured > 3', 'what is captured of a payment'],
  ['a status', `UPDATE payments SET status = 'refunded' WHERE status = 'succeeded'`, 'a status does not fit'],
  ['a payment gone', 'DELETE FROM payments', 'an operation began a payment that is not there'],
  ['a dispute open again', `UPDATE disputes SET status = 'open'`, 'what is disputed of a payment'],
  ['a pay-out paid', `UPDATE payments SET status = 'paid' WHERE status = 'in_transit'`, 'what is in transit'],
  ['a decision gone', `DELETE FROM operations WHERE operation = 'authorize'`, 'a payment or pay-out is there without'],
  ['a correction', `INSERT INTO corrections VALUES ('pay_', 'cor_')`, 'a correction corrects nothing'],
])('%s', async (_case, edit, fault) => {
  expect(await faultsAfter(edit)).toContainEqual(expect.stringContaining(fault));
});
