// Shows that honest books prove, whatever was asked, and that each way of falsifying log or books is found and named.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeDifference } from './describe.ts';
import type { Difference } from './differences.ts';
import type { Step, World } from './testing/example-books.ts';
import { buildWorld, exampleWorld, proveWorld } from './testing/example-books.ts';

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items.at(index);
  if (item === undefined) throw new Error(`the example has no item ${index}`);
  return item;
}

const approved = (world: World) =>
  at(
    world.settled.filter(({ status, operation }) => status === 'succeeded' && operation === 'pay'),
    0,
  );
const declined = (world: World) =>
  at(
    world.settled.filter(({ failure }) => failure?.code === 'insufficient_funds'),
    0,
  );

describe('honest books', () => {
  it('prove with no difference and say what was seen', async () => {
    const report = await proveWorld(exampleWorld());
    expect(report.differences.map(describeDifference)).toEqual([]);
    expect(report).toMatchObject({
      operations: 9,
      postings: 9,
      records: 12,
      repetitions: 2,
      deadLettered: 1,
      differenceCount: 0,
    });
  });

  it('prove when nothing has happened yet', async () => {
    expect(await proveWorld(buildWorld([]))).toMatchObject({ accounts: 0, operations: 0, differenceCount: 0 });
  });

  it('leave out what lies at or beyond the cut', async () => {
    const world = exampleWorld();
    const cut = at(world.cuts, 0);
    const asked = { ...at(world.asked, 0).operation, operationId: 'pay_later' };
    world.asked.push({ partition: 0, offset: cut, operation: asked as never });
    world.settled.push({
      ...at(world.settled, -1),
      operationId: 'pay_later',
      sourcePartition: 0,
      sourceOffset: cut,
      ledgerNumber: 99n,
    });
    expect((await proveWorld(world)).differenceCount).toBe(0);
  });

  it('prove for any run of operations, in any batches and chunks', async () => {
    const customer = fc.constantFrom('cus_a', 'cus_bb', 'cus_ccc');
    const amountMinor = fc.bigInt({ min: 1n, max: 300n });
    const step: fc.Arbitrary<Step> = fc.oneof(
      fc.record({ kind: fc.constant('top_up' as const), customer, amountMinor }),
      fc.record({ kind: fc.constant('pay' as const), customer, amountMinor, feesMinor: fc.constant([]) }),
      fc.record({
        kind: fc.constant('pay' as const),
        customer,
        amountMinor: fc.constant(100n),
        feesMinor: fc.array(fc.bigInt({ min: 0n, max: 50n }), { maxLength: 2 }),
      }),
      fc.record({ kind: fc.constant('refused' as const), customer, code: fc.constant('amount_invalid') }),
      fc.record({ kind: fc.constant('repeat' as const), customer }),
      fc.record({ kind: fc.constant('garbage' as const), customer }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 9 }),
        async (steps, batchSize, chunkSize) => {
          const report = await proveWorld(buildWorld(steps, batchSize), chunkSize);
          expect(report.differences.map(describeDifference)).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });
});

type Falsify = (world: World) => void;
const falsifications: [string, Difference['kind'], Falsify][] = [
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
      Object.assign(at(operations, 3), { status: 'succeeded', failureCode: null });
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
        accountId: 'test:wallet:cus_x:USD',
        currency: 'USD',
        postedMinor: 5n,
        heldMinor: 0n,
        version: 1n,
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
  [
    'a decline approved on the topic',
    'decision_wrong',
    (world) => {
      Object.assign(declined(world), { status: 'succeeded', failure: null });
    },
  ],
  [
    'an approval declined on the topic',
    'decision_wrong',
    (world) => {
      Object.assign(approved(world), { status: 'failed', failure: { code: 'insufficient_funds' } });
    },
  ],
  [
    'another reason on the topic',
    'decision_wrong',
    (world) => {
      declined(world).failure = { code: 'do_not_honor' };
    },
  ],
  [
    'an amount on the topic',
    'settled_field_wrong',
    (world) => {
      approved(world).amountMinor = 1n;
    },
  ],
  [
    'a merchant on the topic',
    'settled_field_wrong',
    (world) => {
      approved(world).merchantId = 'mer_2';
    },
  ],
  [
    'fees left out on the topic',
    'settled_field_wrong',
    (world) => {
      approved(world).fees = [];
    },
  ],
  [
    'a balance on the topic',
    'settled_balance_wrong',
    (world) => {
      approved(world).balances = approved(world).balances.map((balance) => ({
        ...balance,
        postedMinor: balance.postedMinor + 1n,
      }));
    },
  ],
  [
    'a balance left out on the topic',
    'settled_balance_missing',
    (world) => {
      approved(world).balances = [];
    },
  ],
  [
    'the wallet of a decline left out',
    'settled_balance_missing',
    (world) => {
      declined(world).balances = [];
    },
  ],
  [
    'a hole in the versions',
    'version_hole',
    (world) => {
      approved(world).balances = approved(world).balances.map((balance) => ({
        ...balance,
        version: balance.version + 1n,
      }));
    },
  ],
  [
    'an outcome never published',
    'operation_extra',
    ({ settled }) => {
      settled.splice(2, 1);
    },
  ],
  [
    'an outcome never published, seen from its record',
    'record_without_decision',
    ({ settled, operations }) => {
      settled.splice(2, 1);
      operations.splice(2, 1);
    },
  ],
  [
    'an outcome published twice',
    'settled_twice',
    ({ settled }) => {
      settled.splice(2, 0, { ...at(settled, 2) });
    },
  ],
  [
    'an outcome decided again later',
    'settled_twice',
    (world) => {
      decideAgain(world);
    },
  ],
  [
    'outcomes published in another order',
    'settled_out_of_order',
    ({ settled }) => {
      settled.push(...settled.splice(0, 1));
    },
  ],
  [
    'an outcome of nothing',
    'settled_without_record',
    ({ asked }) => {
      asked.splice(0, 1);
    },
  ],
  [
    'a record decided as another operation',
    'settled_without_record',
    ({ asked }) => {
      Object.assign(at(asked, 0).operation ?? {}, { operationId: 'tu_x' });
    },
  ],
  [
    'an operation dropped',
    'record_without_decision',
    (world) => {
      world.asked.push({
        partition: 0,
        offset: raiseCut(world),
        operation: { ...at(world.asked, 0).operation, operationId: 'pay_lost' } as never,
      });
    },
  ],
  [
    'a dead letter lost',
    'record_without_decision',
    ({ deadLetters }) => {
      deadLetters.pop();
    },
  ],
  [
    'a dead letter of what was settled',
    'settled_though_dead_lettered',
    ({ deadLetters, settled }) => {
      deadLetters.unshift({ partition: at(settled, 0).sourcePartition, sourceOffset: at(settled, 0).sourceOffset });
    },
  ],
  [
    'the repetition taken, not the first record',
    'first_record_not_taken',
    (world) => {
      takeRepetition(world);
    },
  ],
  [
    'an amount of zero settled',
    'settled_though_unlawful',
    ({ asked }) => {
      Object.assign(at(asked, 0).operation ?? {}, { amountMinor: 0n });
    },
  ],
  [
    'fees above the payment settled',
    'settled_though_unlawful',
    ({ asked }) => {
      Object.assign(at(asked, 2).operation ?? {}, { amountMinor: 10n });
    },
  ],
  [
    'a price changed after the fact',
    'posting_changed',
    ({ asked }) => {
      Object.assign(at(asked, 2).operation ?? {}, {
        fees: [{ amountMinor: 61n, currency: 'USD', bearer: 'merchant' }],
      });
    },
  ],
];

function raiseCut(world: World): bigint {
  const cut = at(world.cuts, 0);
  world.cuts[0] = cut + 1n;
  return cut;
}

function decideAgain(world: World): void {
  const repeated = at(
    world.asked.filter((record) => record.operation?.operationId === 'pay_2'),
    1,
  );
  const first = at(
    world.settled.filter((record) => record.operationId === 'pay_2'),
    0,
  );
  const place = {
    ledgerNumber: first.ledgerNumber,
    ledgerIndex: first.ledgerIndex + 50,
    sourceOffset: repeated.offset,
  };
  world.settled.splice(world.settled.indexOf(first) + 1, 0, { ...first, ...place });
}

function takeRepetition(world: World): void {
  const repeated = at(
    world.asked.filter((record) => record.operation?.operationId === 'pay_2'),
    1,
  );
  for (const row of [...world.settled, ...world.operations])
    if (row.operationId === 'pay_2') row.sourceOffset = repeated.offset;
}

describe('falsified books', () => {
  it.each(falsifications)('finds %s (%s)', async (_what, kind, falsify) => {
    const world = exampleWorld();
    falsify(world);
    const report = await proveWorld(world);
    expect(report.differences.map((difference) => difference.kind)).toContain(kind);
    expect(report.differences.map(describeDifference).join('\n')).not.toMatch(/undefined|\[object/);
  });

  it('names one wrong approval once, not everything after it', async () => {
    const steps: Step[] = Array.from({ length: 20 }, () => ({
      kind: 'pay',
      customer: 'cus_a',
      amountMinor: 10n,
      feesMinor: [],
    }));
    const world = buildWorld([{ kind: 'top_up', customer: 'cus_a', amountMinor: 95n }, ...steps]);
    const topUp = at(world.asked, 0).operation;
    if (topUp !== null) topUp.amountMinor = 85n;
    const wrong = (await proveWorld(world)).differences.filter(({ kind }) => kind === 'decision_wrong');
    expect(wrong).toEqual([expect.objectContaining({ expected: 'failed: insufficient_funds', found: 'succeeded' })]);
  });

  it('counts all differences and keeps only the first', async () => {
    const world = buildWorld(
      Array.from({ length: 700 }, () => ({ kind: 'top_up', customer: 'cus_a', amountMinor: 1n })),
    );
    world.postings.splice(0);
    world.operations.splice(0);
    const report = await proveWorld(world, 100);
    expect(report.differenceCount).toBe(1_400);
    expect(report.differences).toHaveLength(1_000);
  });
});
