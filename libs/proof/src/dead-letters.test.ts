// Shows that a dead letter is judged: one that was lawful is a lost operation, one that no lawful writer wrote is none.

import { describe, expect, it } from 'vitest';
import type { AskedOperation } from './inputs.ts';
import { ask, fact, fee, NOON } from './testing/ask.ts';
import type { World } from './testing/bookkeeper.ts';
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
    'the outcome of a pay-out',
    ask({
      ...{ operation: 'pay_out', pass: 2, kind: 'outcome', ...own('po'), customerId: null, method: null },
      outcome: { provider: 'sandbox', status: 'approved', amountMinor: 100n, currency: 'USD' },
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

describe('an operation in two passes', () => {
  const payOut = ask({ operation: 'pay_out', ...own('po'), payOut: { payeeType: 'customer' } });
  const outcome = ask({
    ...{ operation: 'pay_out', pass: 2, kind: 'outcome', ...own('po'), method: null },
    outcome: { provider: 'sandbox', status: 'declined', amountMinor: null, currency: null },
    failure: { code: 'refused' },
  });

  it('must not be admitted after it was final', async () => {
    const books = createBookkeeper(1, 1);
    books.record(0, topUp(), { status: 'succeeded', lines: [`world:USD > wallet:${ids.customerId}:USD 100`] });
    books.record(0, outcome, { status: 'manual_review' });
    books.record(0, payOut, {
      status: 'in_transit',
      lines: [`wallet:${ids.customerId}:USD > payout_in_transit:USD 100`],
      spender: `wallet:${ids.customerId}:USD`,
      payment: { status: 'in_transit', kind: 'pay_out' },
    });
    const { operationId } = payOut;
    expect((await proveWorld(books.world())).differences).toEqual([
      { kind: 'progressed_after_settled', operationId, partition: 0, offset: 2n },
    ]);
  });

  it('must not be final again after its last pass', async () => {
    const books = createBookkeeper(1, 1);
    books.record(0, outcome, { status: 'manual_review' });
    books.record(0, payOut, { status: 'failed', code: 'insufficient_funds', reads: [`wallet:${ids.customerId}:USD`] });
    const { operationId } = payOut;
    expect((await proveWorld(books.world())).differences).toEqual([
      { kind: 'settled_twice', operationId, partition: 0, offset: 1n },
    ]);
  });
});
