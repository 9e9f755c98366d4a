// Shows that honest books prove, whatever was asked, and how differences are counted.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeDifference } from './describe.ts';
import type { Step } from './testing/example-books.ts';
import { buildWorld, exampleWorld } from './testing/example-books.ts';
import { at, proveWorld } from './testing/prove-world.ts';

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
    world.asked.push({ partition: 0, offset: cut, key: null, operation: asked as never });
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

describe('what is reported', () => {
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

  it('counts all differences and keeps only the first of each kind', async () => {
    const world = buildWorld(
      Array.from({ length: 1_100 }, () => ({ kind: 'top_up', customer: 'cus_a', amountMinor: 1n })),
    );
    world.postings.splice(0);
    world.operations.splice(0);
    const report = await proveWorld(world, 100);
    expect(report.differenceCount).toBe(2_200);
    expect(report.differenceCounts).toEqual({ operation_missing: 1_100, posting_missing: 1_100 });
    expect(report.differences.map(({ kind }) => kind)).toEqual([
      ...Array.from({ length: 1_000 }, () => 'operation_missing'),
      ...Array.from({ length: 1_000 }, () => 'posting_missing'),
    ]);
  });
});
