// Shows that of records that tell the same operation differently the first counts: books that took another one are found.

import { describe, expect, it } from 'vitest';
import { describeDifference } from './describe.ts';
import type { AskedOperation } from './inputs.ts';
import type { World } from './testing/bookkeeper.ts';
import { buildWorld } from './testing/example-books.ts';
import { at, proveWorld } from './testing/prove-world.ts';

/** What a screening says that has changed its mind. */
const REFUSED = { kind: 'refused', failure: { code: 'compliance' }, fees: [] } satisfies Partial<AskedOperation>;
const PRICED = { kind: 'priced', failure: null } satisfies Partial<AskedOperation>;

const topUp = { kind: 'top_up', customer: 'cus_a', amountMinor: 10_000n } as const;
const pay = { kind: 'pay', customer: 'cus_a', amountMinor: 1_099n, feesMinor: [62n] } as const;
const refused = { kind: 'refused', customer: 'cus_a', code: 'compliance' } as const;
const repeat = { kind: 'repeat', customer: 'cus_a' } as const;

function change({ asked }: World, index: number, changes: Partial<AskedOperation>): void {
  Object.assign(at(asked, index).operation ?? {}, changes);
}

describe('records that tell the same operation differently', () => {
  it('change nothing after the first, whichever way they differ', async () => {
    const world = buildWorld([topUp, pay, repeat, refused, repeat, topUp, pay]);
    change(world, 2, REFUSED);
    change(world, 4, PRICED);
    const report = await proveWorld(world);
    expect(report.differences.map(describeDifference)).toEqual([]);
    expect(report).toMatchObject({ records: 7, operations: 5, repetitions: 2 });
  });

  it('are found when the books took a later one', async () => {
    const world = buildWorld([topUp, refused, pay]);
    // The refusal is of the payment that follows it, and the books hold that payment alone.
    change(world, 1, { operationId: 'pay_2', paymentId: 'pay_2' });
    world.settled.splice(1, 1);
    world.operations.splice(1, 1);
    const { differences } = await proveWorld(world);
    expect(differences).toEqual([
      { kind: 'first_record_not_taken', operationId: 'pay_2', partition: 1, offset: 1n, takenOffset: 2n },
    ]);
  });
});
