// Proves hand-made books against hand-written topics on the real services, and falsifies copies of them in every way.

import type { Database } from '@paystream/database';
import { aPaymentProcessed } from '@paystream/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeProof, isProved } from './describe-proof.ts';
import type { ProofAddresses } from './run-proof.ts';
import { runProof } from './run-proof.ts';
import { BOOKS_SABOTAGES } from './sabotage.ts';
import { CUT, CUSTOMER, PARTITION, WALLET } from './testing/hand-made-books.ts';
import type { HandMadeStack } from './testing/hand-made-stack.ts';
import { startHandMadeStack } from './testing/hand-made-stack.ts';

let handMade: HandMadeStack;
let database: Database;
let stack: ProofAddresses;

beforeAll(async () => {
  handMade = await startHandMadeStack();
  ({ database, stack } = handMade);
});

afterAll(() => handMade.close());

describe('a proof', () => {
  it('finds no difference between honest books and the log', async () => {
    const result = await runProof(stack);
    expect(result.differences).toEqual([]);
    expect(result).toMatchObject({
      accounts: 6,
      payments: 3,
      disputes: 1,
      postings: 5,
      operations: 6,
      records: 8,
      repetitions: 1,
      deadLettered: 1,
    });
    expect([...result.cuts]).toEqual([
      [0, 0n],
      [1, CUT],
    ]);
    expect(isProved(result)).toBe(true);
  });

  it.each(BOOKS_SABOTAGES)('finds a %s in a copy, and leaves the books as they were', async (sabotage) => {
    const before = await database.query({ text: 'SELECT * FROM postings ORDER BY 1, 3, 4' });
    const result = await runProof(stack, { sabotage });
    expect(result.sabotage).toMatchObject({ sabotage, found: true });
    expect(isProved(result)).toBe(true);
    expect(await database.query({ text: 'SELECT * FROM postings ORDER BY 1, 3, 4' })).toEqual(before);
    expect((await runProof(stack)).differenceCount).toBe(0);
  });

  it('says first that books differ already, and does not call that proved', async () => {
    await database.execute({ text: `UPDATE accounts SET held = held + 1 WHERE id = '${WALLET}'` });
    const result = await runProof(stack, { sabotage: 'changed-payment' });
    await database.execute({ text: `UPDATE accounts SET held = held - 1 WHERE id = '${WALLET}'` });
    expect(result.sabotage).toMatchObject({ found: true, differencesBefore: 1 });
    expect(isProved(result)).toBe(false);
    expect(describeProof(result)[0]).toMatch(/^before {7}1 differences without any sabotage/);
  });

  it.each([
    [
      'a balance',
      `UPDATE accounts SET posted = posted % 1 WHERE id = '${WALLET}'`,
      ['balance_wrong', 'currency_sum_not_zero'],
    ],
    ['a hold', `UPDATE accounts SET held = held % 1 WHERE id = '${WALLET}'`, ['balance_wrong']],
    ['an overdraft', `UPDATE accounts SET overdraft = overdraft % 1 WHERE id = '${WALLET}'`, ['balance_wrong']],
    ['a counter', `UPDATE accounts SET spent_count = spent_count % 1 WHERE id = '${WALLET}'`, ['balance_wrong']],
    ['a payment', `UPDATE payments SET refunded = refunded % 1 WHERE captured > 0`, ['payment_wrong']],
    ['a dispute', 'UPDATE disputes SET fee = fee % 1', ['dispute_wrong']],
    ['the rules', 'UPDATE payments SET rules_version = rules_version % 1 WHERE captured > 0', ['payment_wrong']],
  ])('finds %s changed in the books themselves', async (_what, change, kinds) => {
    await database.execute({ text: change.replace('%', '+') });
    const result = await runProof(stack);
    await database.execute({ text: change.replace('%', '-') });
    expect(result.differences.map(({ kind }) => kind)).toEqual(kinds);
    expect(isProved(result)).toBe(false);
  });

  it.each([
    [
      'fee terms',
      `UPDATE payments SET fees = replace(fees::text, '$1', '$2')::json WHERE captured > 0`,
      ['keep', 'return_all'],
      'payment_wrong',
    ],
    ['a rate', `UPDATE payments SET fx = $1 WHERE captured > 0`, [`'{}'`, 'NULL'], 'payment_wrong'],
    ['the next ledger number', `SELECT setval('ledger_numbers', $1)`, ['5', '6'], 'ledger_numbers_behind'],
    ['a trigger', 'ALTER TABLE postings $1 TRIGGER postings_append_only', ['DISABLE', 'ENABLE'], 'schema_wrong'],
    [
      'a constraint',
      'ALTER TABLE accounts $1',
      ['DROP CONSTRAINT accounts_held', 'ADD CONSTRAINT accounts_held CHECK (held >= 0)'],
      'schema_wrong',
    ],
    [
      'a constraint that no migration made',
      'ALTER TABLE payments $1',
      ['ADD CONSTRAINT odd CHECK (amount <> 7)', 'DROP CONSTRAINT odd'],
      'schema_wrong',
    ],
    [
      'a correction',
      '$1',
      [
        `INSERT INTO corrections VALUES ('pay_x', 'cor_x')`,
        `ALTER TABLE corrections DISABLE TRIGGER ALL; DELETE FROM corrections; ALTER TABLE corrections ENABLE TRIGGER ALL`,
      ],
      'correction_wrong',
    ],
    [
      'a spend',
      '$1',
      [`INSERT INTO spends VALUES ('test:m:c', 1, 1, 0, 'USD', 5)`, 'DELETE FROM spends'],
      'spend_extra',
    ],
  ])('finds %s changed in the database', async (_what, statement, [change = '', restore = ''], kind) => {
    const run = (own: string, other: string) =>
      database.execute({ text: statement.replace('$1', () => own).replace('$2', () => other) });
    await run(change, restore);
    const result = await runProof(stack);
    await run(restore, change);
    expect(result.differences).toEqual([expect.objectContaining({ kind })]);
    expect((await runProof(stack)).differences).toEqual([]);
  });

  it.each([
    ['behind the log', 'UPDATE consumer_offsets SET next_offset = 7', 'books_older_than_published', 7n],
    ['beyond the log', 'UPDATE consumer_offsets SET next_offset = 9', 'books_beyond_log', 8n],
    ['emptied of their offsets', 'UPDATE consumer_offsets SET next_offset = 0', 'books_older_than_published', 0n],
  ])('names books that are %s', async (_what, change, kind, offset) => {
    await database.execute({ text: change });
    const result = await runProof(stack, { inStepDeadlineMs: 100 });
    await database.execute({ text: `UPDATE consumer_offsets SET next_offset = ${CUT}` });
    expect(result.differences).toContainEqual(expect.objectContaining({ kind, partition: PARTITION, offset }));
    expect(isProved(result)).toBe(false);
  });

  it('names a record that accounts have not read, and waits for one they are about to read', async () => {
    const { codec } = handMade.log.messaging;
    const record = { topic: 'payment.processed', partition: 0, key: Buffer.from(CUSTOMER), headers: {} };
    await handMade.publish({ ...record, value: codec.encode('payment.processed', aPaymentProcessed()) });
    const result = await runProof(stack, { inStepDeadlineMs: 100 });
    expect(result.differences).toEqual([
      expect.objectContaining({ kind: 'books_behind_log', partition: 0, offset: 0n, end: 1n }),
    ]);

    const proof = runProof(stack, { inStepDeadlineMs: 1_000 });
    await database.execute({ text: `INSERT INTO consumer_offsets VALUES ('accounts', 'payment.processed', 0, 1)` });
    await expect(proof).rejects.toThrow('has not published what its books hold within 1 s, partition 0 (0 of 1)');
  });
});
