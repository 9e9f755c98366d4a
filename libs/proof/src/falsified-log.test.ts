// Shows that each way in which the log can contradict itself or the books is found and named.

import { describe, expect, it } from 'vitest';
import { describeDifference } from './describe.ts';
import type { World } from './testing/bookkeeper.ts';
import { fee } from './testing/ask.ts';
import { exampleWorld } from './testing/example-books.ts';
import type { Falsification } from './testing/prove-world.ts';
import { at, proveWorld } from './testing/prove-world.ts';

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

const falsifications: Falsification[] = [
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
      approved(world).balances = (approved(world).balances ?? []).map((balance) => ({
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
      approved(world).balances = (approved(world).balances ?? []).map((balance) => ({
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
        key: null,
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
    'a record under another key',
    'record_misplaced',
    ({ asked }) => {
      at(asked, 2).key = { text: 'cus_other', partition: 1 };
    },
  ],
  [
    'a record without a key',
    'record_misplaced',
    ({ asked }) => {
      at(asked, 2).key = { text: null, partition: 1 };
    },
  ],
  [
    'a repetition in another partition than its key’s',
    'record_misplaced',
    ({ asked }) => {
      const repetition = at(asked, 5);
      repetition.key = { text: repetition.operation?.customerId ?? null, partition: 0 };
    },
  ],
  [
    'a dead letter of no record',
    'dead_letter_of_nothing',
    ({ deadLetters }) => {
      deadLetters.push({ partition: 1, sourceOffset: 3n });
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
        fees: [fee({ amountMinor: 61n })],
      });
    },
  ],
];

describe('a falsified log', () => {
  it.each(falsifications)('finds %s (%s)', async (_what, kind, falsify) => {
    const world = exampleWorld();
    falsify(world);
    const report = await proveWorld(world);
    expect(report.differences.map((difference) => difference.kind)).toContain(kind);
    expect(report.differences.map(describeDifference).join('\n')).not.toMatch(/undefined|\[object/);
  });
});
