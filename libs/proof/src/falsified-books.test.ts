// Shows that each way of falsifying the books is found and named.

import { describe, expect, it } from 'vitest';
import { describeDifference } from './describe.ts';
import { conversion } from './testing/ask.ts';
import { everyOperation } from './testing/every-operation.ts';
import { exampleWorld } from './testing/example-books.ts';
import type { Falsification } from './testing/prove-world.ts';
import { at, proveWorld } from './testing/prove-world.ts';

const falsifications: Falsification[] = [
  [
    'an amount in the books',
    'posting_changed',
    ({ postings }) => {
      at(postings, 3).amountMinor += 1n;
    },
  ],
  [
    'a debited account in the books',
    'posting_changed',
    ({ postings }) => {
      at(postings, 3).debitAccount = 'test:wallet:cus_z:USD';
    },
  ],
  [
    'a credited account in the books',
    'posting_changed',
    ({ postings }) => {
      at(postings, 0).creditAccount = 'test:wallet:cus_bb:USD';
    },
  ],
  [
    'the currency of a posting',
    'posting_changed',
    ({ postings }) => {
      at(postings, 1).currency = 'EUR';
    },
  ],
  [
    'a posting deleted',
    'posting_missing',
    ({ postings }) => {
      postings.splice(2, 1);
    },
  ],
  [
    'the last posting deleted',
    'posting_missing',
    ({ postings }) => {
      postings.pop();
    },
  ],
  [
    'a posting doubled as a new line',
    'posting_extra',
    ({ postings }) => {
      postings.push({ ...at(postings, 2), line: 9 });
    },
  ],
  [
    'a posting doubled on its own line',
    'posting_extra',
    ({ postings }) => {
      postings.push({ ...at(postings, 2) });
    },
  ],
  [
    'a posting at a place of its own',
    'posting_extra',
    ({ postings }) => {
      postings.push({ ...at(postings, 2), ledgerNumber: 999n });
    },
  ],
  [
    'a decision deleted',
    'operation_missing',
    ({ operations }) => {
      operations.splice(1, 1);
    },
  ],
  [
    'a decision invented',
    'operation_extra',
    ({ operations }) => {
      operations.push({ ...at(operations, 1), operationId: 'pay_x', ledgerNumber: 999n });
    },
  ],
  [
    'a decision turned round in the books',
    'operation_changed',
    ({ operations }) => {
      Object.assign(at(operations, 3), { outcome: 'succeeded', failureCode: null });
    },
  ],
  [
    'a failure code in the books',
    'operation_changed',
    ({ operations }) => {
      at(
        operations.filter((row) => row.failureCode !== null),
        0,
      ).failureCode = 'do_not_honor';
    },
  ],
  [
    'the source of a decision',
    'operation_changed',
    ({ operations }) => {
      at(operations, 2).sourceOffset += 1n;
    },
  ],
  [
    'the pass of a decision',
    'operation_changed',
    ({ operations }) => {
      at(operations, 2).pass = 2;
    },
  ],
  [
    'two decisions swapped in order',
    'operation_changed',
    ({ operations }) => {
      [at(operations, 0).operationId, at(operations, 1).operationId] = [
        at(operations, 1).operationId,
        at(operations, 0).operationId,
      ];
    },
  ],
  [
    'a balance',
    'balance_wrong',
    ({ accounts }) => {
      at(accounts, 0).postedMinor += 1n;
    },
  ],
  [
    'held money',
    'balance_wrong',
    ({ accounts }) => {
      at(accounts, 0).heldMinor = 1n;
    },
  ],
  [
    'a version in the books',
    'balance_wrong',
    ({ accounts }) => {
      at(accounts, 0).version += 1n;
    },
  ],
  [
    'an account deleted',
    'account_missing',
    ({ accounts }) => {
      accounts.shift();
    },
  ],
  [
    'an account invented',
    'account_extra',
    ({ accounts }) => {
      accounts.push({
        ...at(accounts, 0),
        accountId: 'test:wallet:cus_x:USD',
      });
    },
  ],
  [
    'money made from nothing',
    'currency_sum_not_zero',
    ({ accounts }) => {
      at(accounts, 0).postedMinor += 1n;
    },
  ],
];

const firstFees = (row: { fees: string }): Record<string, unknown>[] =>
  JSON.parse(row.fees) as Record<string, unknown>[]; // as the bookkeeper wrote them

const feeFields = Object.keys(at(firstFees(at(exampleWorld().payments, 0)), 0));
const fxFields = Object.keys(conversion());

describe('the terms of a payment', () => {
  it.each(feeFields)('cannot be falsified in %s of a fee', async (field) => {
    const world = exampleWorld();
    const row = at(world.payments, 0);
    row.fees = JSON.stringify(firstFees(row).map((line) => ({ ...line, [field]: 'x' })));
    const { differences } = await proveWorld(world);
    expect(differences).toEqual([expect.objectContaining({ kind: 'payment_wrong', field: 'fees' })]);
  });

  it.each(fxFields)('cannot be falsified in %s of a conversion', async (field) => {
    const world = everyOperation();
    const row = at(
      world.payments.filter(({ fx }) => fx !== null),
      0,
    );
    row.fx = JSON.stringify({ ...(JSON.parse(row.fx ?? '') as object), [field]: 'x' });
    const { differences } = await proveWorld(world);
    expect(differences).toEqual([expect.objectContaining({ kind: 'payment_wrong', field: 'fx' })]);
  });

  it('cannot be made unreadable', async () => {
    const world = exampleWorld();
    Object.assign(at(world.payments, 0), { fees: '{', fx: '[' });
    const { differences } = await proveWorld(world);
    expect(differences.map(describeDifference).join()).toContain('the books say {');
    expect(differences).toHaveLength(2);
  });
});

it('finds ledger numbers that would be drawn again', async () => {
  const world = exampleWorld();
  const last = at(world.operations, -1).ledgerNumber;
  world.nextLedgerNumber = last;
  expect((await proveWorld(world)).differences).toEqual([{ kind: 'ledger_numbers_behind', next: last, last }]);
});

describe('falsified books', () => {
  it.each(falsifications)('finds %s (%s)', async (_what, kind, falsify) => {
    const world = exampleWorld();
    falsify(world);
    const report = await proveWorld(world);
    expect(report.differences.map((difference) => difference.kind)).toContain(kind);
    expect(report.differences.map(describeDifference).join('\n')).not.toMatch(/undefined|\[object/);
  });
});
