// Shows that a forged outcome is named itself, wherever it stands, and accuses none of the honest ones around it.

import { describe, expect, it } from 'vitest';
import { describeDifference } from './describe.ts';
import type { SettledRecord } from './inputs.ts';
import type { World } from './testing/bookkeeper.ts';
import { buildWorld } from './testing/example-books.ts';
import { at, proveWorld } from './testing/prove-world.ts';

const topUp = { kind: 'top_up', customer: 'cus_a', amountMinor: 1_000n } as const;
const world = () => buildWorld(Array.from({ length: 12 }, () => topUp));

/** A copy of an honest outcome that is none. */
function forge({ settled }: World, place: Partial<SettledRecord>): SettledRecord {
  return { ...at(settled, 4), operationId: 'tu_forged', paymentId: 'tu_forged', ...place };
}

const FAR = { ledgerNumber: 9_000n, ledgerIndex: 0 };

describe('a forged outcome', () => {
  it.each([0, 3, 6, 11])('far ahead of its time is named alone at position %d', async (position) => {
    const forged = world();
    const last = at(forged.asked, -1).offset;
    forged.settled.splice(position, 0, forge(forged, { ...FAR, sourceOffset: last }));
    const { differences } = await proveWorld(forged, 3);
    expect(differences.map(describeDifference)).toEqual([
      `tu_forged: an outcome of payment.processed 1@${last} was published that the books never had`,
    ]);
  });

  it('is named for each of a whole run', async () => {
    const forged = world();
    const offset = at(forged.asked, -1).offset - 2n;
    const run = [0, 1].map((step) =>
      forge(forged, { ...FAR, ledgerIndex: step, sourceOffset: offset + BigInt(step), operationId: `tu_x${step}` }),
    );
    forged.settled.splice(2, 0, ...run);
    const { differences } = await proveWorld(forged, 4);
    expect(differences.map(({ kind }) => kind)).toEqual(['settled_of_nothing', 'settled_of_nothing']);
  });

  it('that repeats an honest one from a repetition changes no balance', async () => {
    const forged = buildWorld([topUp, { kind: 'repeat', customer: 'cus_a' }, topUp]);
    const [first, repetition] = [at(forged.settled, 0), at(forged.asked, 1)];
    forged.settled.splice(1, 0, {
      ...first,
      sourceOffset: repetition.offset,
      ledgerIndex: first.ledgerIndex + 1,
      ledgerNumber: first.ledgerNumber,
    });
    at(forged.settled, 2).ledgerNumber += 1n;
    at(forged.operations, 1).ledgerNumber += 1n;
    at(forged.operations, 1).index = at(forged.settled, 2).ledgerIndex;
    for (const posting of forged.postings.slice(1))
      Object.assign(posting, {
        ledgerNumber: at(forged.operations, 1).ledgerNumber,
        index: at(forged.operations, 1).index,
      });
    const { differences } = await proveWorld(forged);
    expect(differences.map(({ kind }) => kind)).toEqual(['settled_twice']);
  });
});
