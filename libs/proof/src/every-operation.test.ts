// Shows that a story of every operation, told by hand, proves; and that each way of falsifying it is found and named.

import { describe, expect, it } from 'vitest';
import { describeDifference } from './describe.ts';
import { fee } from './testing/ask.ts';
import type { World } from './testing/bookkeeper.ts';
import { everyOperation } from './testing/every-operation.ts';
import type { Falsification } from './testing/prove-world.ts';
import { at, proveWorld } from './testing/prove-world.ts';

it.each([1, 2, 4, 100])('proves with no difference, in batches of %d', async (batchSize) => {
  const report = await proveWorld(everyOperation(batchSize));
  expect(report.differences.map(describeDifference)).toEqual([]);
  expect(report).toMatchObject({ deadLettered: 1, disputes: 3, payments: 11 });
});

const settledAs = (world: World, operation: string, status = 'succeeded') =>
  at(
    world.settled.filter((outcome) => outcome.operation === operation && outcome.status === status),
    0,
  );
const askedAs = (world: World, operation: string) =>
  at(
    world.asked.flatMap((record) => (record.operation?.operation === operation ? [record.operation] : [])),
    0,
  );
const fxOf = <Value>(value: Value | null): Value => {
  if (value === null) throw new Error('the example has no conversion there');
  return value;
};

const falsifications: Falsification[] = [
  [
    'a refund declined on the topic',
    'decision_wrong',
    (world) => void Object.assign(settledAs(world, 'refund'), { status: 'failed' }),
  ],
  [
    'a refund’s fee kept on the topic',
    'settled_field_wrong',
    (world) => void Object.assign(settledAs(world, 'refund'), { fees: [] }),
  ],
  [
    'a status of the payment',
    'settled_field_wrong',
    (world) => void Object.assign(settledAs(world, 'cancel'), { paymentStatus: 'expired' }),
  ],
  [
    'a limit’s decision left out',
    'settled_field_wrong',
    (world) => void Object.assign(settledAs(world, 'transfer', 'failed'), { decisions: null }),
  ],
  [
    'the frozen account left out',
    'settled_balance_missing',
    (world) => void Object.assign(settledAs(world, 'pay', 'failed'), { balances: [] }),
  ],
  [
    'an admission left out',
    'record_without_decision',
    (world) => {
      world.progressed.shift();
      world.operations.splice(
        world.operations.findIndex(({ outcome }) => outcome === 'admitted'),
        1,
      );
    },
  ],
  ['an admission twice', 'settled_twice', (world) => void world.progressed.unshift({ ...at(world.progressed, 0) })],
  [
    'an admission told as something else',
    'decision_wrong',
    (world) => void Object.assign(at(world.progressed, 0), { status: 'unknown' }),
  ],
  [
    'an admission also settled',
    'settled_twice',
    (world) => {
      const place = world.settled.findIndex(
        ({ sourceOffset, sourcePartition }) =>
          sourcePartition === 0 && sourceOffset > at(world.progressed, 0).sourceOffset,
      );
      world.settled.splice(place, 0, { ...at(world.settled, place), ...at(world.progressed, 0) });
    },
  ],
  [
    'a price that does not follow from its terms',
    'price_wrong',
    (world) => void Object.assign(askedAs(world, 'pay_out'), { fees: [fee({ amountMinor: 25n })] }),
  ],
  [
    'a payment’s refunded sum in the books',
    'payment_wrong',
    ({ payments }) => void (at(payments, 0).refundedMinor += 1n),
  ],
  ['a payment lost from the books', 'payment_missing', ({ payments }) => void payments.pop()],
  [
    'a payment invented in the books',
    'payment_extra',
    ({ payments }) => void payments.push({ ...at(payments, 0), paymentId: 'pay_x' }),
  ],
  [
    'a dispute’s debt in the books',
    'dispute_wrong',
    ({ disputes }) => void (at(disputes, 1).fromReceivableMinor -= 1n),
  ],
  ['a dispute lost from the books', 'dispute_missing', ({ disputes }) => void disputes.pop()],
  [
    'a dispute invented in the books',
    'dispute_extra',
    ({ disputes }) => void disputes.push({ ...at(disputes, 0), disputeId: 'dp_x' }),
  ],
  ['a hold kept in the books', 'balance_wrong', ({ accounts }) => void (at(accounts, 1).heldMinor += 80n)],
  ['an account unfrozen in the books', 'balance_wrong', ({ accounts }) => void (at(accounts, 1).status = 'frozen')],
  ['a limit lifted in the books', 'balance_wrong', ({ accounts }) => void (at(accounts, 1).dailyCount = 5n)],
  ['a counter in the books', 'balance_wrong', ({ accounts }) => void (at(accounts, 1).spentCount -= 1n)],
];

describe('a falsified story', () => {
  it.each(falsifications)('finds %s (%s)', async (_what, kind, falsify) => {
    const world = everyOperation();
    falsify(world);
    const report = await proveWorld(world);
    expect(report.differences.map((difference) => difference.kind)).toContain(kind);
    expect(report.differences.map(describeDifference).join('\n')).not.toMatch(/undefined|\[object/);
  });

  it('finds a conversion told otherwise', async () => {
    const world = everyOperation();
    const converted = at(
      world.settled.filter(({ fx }) => fx !== null),
      0,
    );
    converted.fx = { ...fxOf(converted.fx), markupMinor: 9n };
    expect((await proveWorld(world)).differences).toEqual([
      expect.objectContaining({ kind: 'settled_field_wrong', field: 'fx' }),
    ]);
  });
});
