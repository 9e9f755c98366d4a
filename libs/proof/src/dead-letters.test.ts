// Shows that a dead letter is judged: one that was lawful is a lost operation, one that no lawful writer wrote is none.

import { describe, expect, it } from 'vitest';
import type { AskedOperation } from './inputs.ts';
import { ask, fact, fee, NOON } from './testing/ask.ts';
import type { Told, World } from './testing/bookkeeper.ts';
import { createBookkeeper } from './testing/bookkeeper.ts';
import { at, proveWorld } from './testing/prove-world.ts';

const id = (prefix: string, digit = '1') => `${prefix}_${digit.repeat(32)}`;
const ids = { merchantId: id('mer'), customerId: id('cus') };
const own = (prefix: string) => ({ ...ids, operationId: id(prefix), paymentId: id(prefix) });
const topUp = (overrides: Partial<AskedOperation> = {}) => ask({ operation: 'top_up', ...own('tu'), ...overrides });
const pay = (overrides: Partial<AskedOperation> = {}) => ask({ ...own('pay'), ...overrides });

/** A world of one record, which was set aside. */
function setAside(operation: AskedOperation): World {
  const books = createBookkeeper(1, 1);
  books.garbage(0);
  const world = books.world();
  Object.assign(at(world.asked, 0), { operation });
  return world;
}

const lawful: [what: string, operation: AskedOperation, status: string][] = [
  ['a top-up', topUp(), 'succeeded'],
  ['a payment that the wallet cannot bear, which has to fail and say so', pay(), 'failed'],
  ['a refusal', pay({ kind: 'refused', failure: { code: 'rejected_by_rule' } }), 'failed'],
  [
    'a report of a pay-out',
    ask({
      ...{ ...fact('pay_out_paid'), ...own('po'), operation: 'report', operationId: id('dis'), amountMinor: 100n },
      ...{ customerId: null, method: null },
    }),
    'manual_review',
  ],
  [
    'a dispute',
    ask({ ...ids, operationId: id('dis'), paymentId: id('pay'), ...fact('dispute_opened', { disputeId: id('dp') }) }),
    'manual_review',
  ],
];

const unlawful: [what: string, operation: AskedOperation][] = [
  ['an amount below zero', topUp({ amountMinor: -1n })],
  ['an id of another operation', topUp({ operationId: id('pay') })],
  ['a merchant that is none', topUp({ merchantId: 'mer_shop' })],
  ['an environment nobody knows', topUp({ environment: 'stage' })],
  ['a fee that does not follow from its rule', pay({ amountMinor: 1_099n, fees: [fee({ amountMinor: 61n })] })],
  ['a pay-out’s outcome as its second pass', ask({ ...own('po'), operation: 'pay_out', pass: 2, kind: 'outcome' })],
  ['a hold that has ended', pay({ operation: 'authorize', authorize: { expiresAt: NOON } })],
];

describe('a dead letter', () => {
  it.each(lawful)('of %s is a difference', async (_what, operation, status) => {
    const { differences } = await proveWorld(setAside(operation));
    const { operationId } = operation;
    expect(differences).toEqual([{ kind: 'lawful_dead_lettered', operationId, partition: 0, offset: 0n, status }]);
  });

  it.each(unlawful)('of %s is none', async (_what, operation) => {
    expect((await proveWorld(setAside(operation))).differences).toEqual([]);
  });

  it('under a key that is not its own is none', async () => {
    const world = setAside(topUp());
    at(world.asked, 0).key = { text: 'cus_other', partition: 0 };
    expect((await proveWorld(world)).differences).toEqual([]);
  });

  it('that was sent again and decided then is none', async () => {
    const books = createBookkeeper(1, 1);
    books.garbage(0);
    books.record(0, topUp(), { status: 'succeeded', lines: [`world:USD > wallet:${ids.customerId}:USD 100`] });
    const world = books.world();
    Object.assign(at(world.asked, 0), { operation: topUp() });
    expect((await proveWorld(world)).differences).toEqual([]);
  });
});

describe('a pay-out', () => {
  const wallet = `wallet:${ids.customerId}:USD`;
  const payOut = ask({ operation: 'pay_out', ...own('po'), payOut: { payeeType: 'customer' } });
  const { operationId } = payOut;
  const aReport = (digit: string) =>
    ask({
      ...fact('pay_out_paid', { amountMinor: 100n }),
      ...{ operation: 'report', ...own('po'), operationId: `dis_${digit.repeat(32)}`, method: null },
    });
  const admission = {
    ...{ status: 'in_transit', lines: [`${wallet} > payout_in_transit:USD 100`], spender: wallet },
    payment: { status: 'in_transit', kind: 'pay_out' },
  };
  const end = { status: 'succeeded', ends: true, lines: ['payout_in_transit:USD > world:USD 100'] };
  const kindsIn = async (records: readonly (readonly [AskedOperation, Told])[]) => {
    const books = createBookkeeper(1, 1);
    books.record(0, topUp(), { status: 'succeeded', lines: [`world:USD > ${wallet} 100`] });
    for (const [asked, told] of records) books.record(0, asked, told);
    return (await proveWorld(books.world())).differences;
  };

  it('is ended by the first report that fits, and once', async () => {
    expect(
      await kindsIn([
        [payOut, admission],
        [aReport('1'), { ...end, payment: { status: 'paid' } }],
      ]),
    ).toEqual([]);
    const twice = await kindsIn([
      [payOut, admission],
      [aReport('1'), { ...end, payment: { status: 'paid' } }],
      [aReport('2'), end],
    ]);
    expect(twice).toContainEqual({ kind: 'settled_twice', operationId, partition: 0, offset: 3n });
  });

  it('must not be admitted after it was final', async () => {
    const ended = { ...end, lines: ['suspense:USD > world:USD 100'] };
    const found = await kindsIn([
      [aReport('1'), ended],
      [payOut, admission],
    ]);
    expect(found).toContainEqual({ kind: 'progressed_after_settled', operationId, partition: 0, offset: 2n });
  });

  it('must not stay on its way in the name of a report that ends it', async () => {
    const found = await kindsIn([
      [payOut, admission],
      [aReport('1'), { ...end, ends: false, payment: { status: 'paid' } }],
    ]);
    expect(found).toContainEqual(
      expect.objectContaining({ kind: 'settled_field_wrong', field: 'operationId', expected: operationId }),
    );
  });
});
