// Shows that each way of falsifying the books is found and named.

import { describe, expect, it } from 'vitest';
import { describeDifference } from './describe.ts';
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

describe('falsified books', () => {
  it.each(falsifications)('finds %s (%s)', async (_what, kind, falsify) => {
    const world = exampleWorld();
    falsify(world);
    const report = await proveWorld(world);
    expect(report.differences.map((difference) => difference.kind)).toContain(kind);
    expect(report.differences.map(describeDifference).join('\n')).not.toMatch(/undefined|\[object/);
  });
});
