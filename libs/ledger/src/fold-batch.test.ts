// Shows what the fold decides, case by case.
import { failureOf } from '@paystream/payments';
import { describe, expect, test } from 'vitest';
import type { Decided, Decision } from './decision.ts';
import { foldBatch } from './fold-batch.ts';
import type { Instruction } from './instruction.ts';
import { legal, NO_NEEDS } from './instruction.ts';
import type { ProcessedOperation } from './processed-operation.ts';
import {
  aFee,
  aPay,
  aTopUp,
  customerId,
  emptyBooks,
  houseId,
  loadState,
  merchantId,
  payableId,
  runBatch,
  walletId,
} from './testing/builders.ts';
import { succeeded } from './verdict.ts';

/** What became of each record, in words. */
function words(decisions: readonly Decision[]): string[] {
  return decisions.map((decision) => {
    if (decision.kind === 'decided') return decision.failure?.code ?? decision.outcome;
    return decision.kind === 'rejected' ? `rejected: ${decision.reason}` : decision.kind;
  });
}

function decidedAt(decisions: readonly Decision[], at: number): Decided {
  const decision = decisions[at];
  if (decision?.kind !== 'decided') throw new Error(`decision ${at} is ${decision?.kind}`);
  return decision;
}

describe('a payment from a wallet', () => {
  test('gives the merchant the net amount and the house its fees', () => {
    const books = emptyBooks();
    const { decisions } = runBatch(books, [aTopUp(1), aPay(2, { fees: [aFee(59n), aFee(1n)] })]);

    expect(decidedAt(decisions, 1).postings).toEqual([
      { debitAccount: walletId(1), creditAccount: payableId(1), currency: 'USD', amountMinor: 940n },
      { debitAccount: walletId(1), creditAccount: houseId('fee_income'), currency: 'USD', amountMinor: 59n },
      { debitAccount: walletId(1), creditAccount: houseId('fee_income'), currency: 'USD', amountMinor: 1n },
    ]);
    const found = [...books.accounts.values()].map(({ id, postedMinor, version }) => [id, { postedMinor, version }]);
    expect(Object.fromEntries(found)).toEqual({
      [houseId('fee_income')]: { postedMinor: 60n, version: 1n },
      [payableId(1)]: { postedMinor: 940n, version: 1n },
      [walletId(1)]: { postedMinor: 0n, version: 2n },
      [houseId('world')]: { postedMinor: -1_000n, version: 1n },
    });
  });

  test('is captured in full on its payment row, which keeps its fee lines', () => {
    const fees = [aFee(59n)];
    const { newPayments } = runBatch(emptyBooks(), [aTopUp(1), aPay(2, { fees })]);
    expect(newPayments).toMatchObject([
      { paymentId: aPay(2).paymentId, status: 'succeeded', authorizedMinor: 1_000n, capturedMinor: 1_000n, fees },
    ]);
  });

  test('tells each owner what changed, from which version, and who was at the other end', () => {
    const { decisions } = runBatch(emptyBooks(), [aTopUp(1), aPay(2, { fees: [aFee(59n)] })]);
    const effects = decidedAt(decisions, 1).effects.map(({ before, after, counterpartyId }) => ({
      id: after.id,
      changeMinor: after.postedMinor - before.postedMinor,
      version: after.version,
      counterpartyId,
    }));
    expect(effects).toEqual([
      { id: payableId(1), changeMinor: 941n, version: 1n, counterpartyId: customerId(1) },
      { id: walletId(1), changeMinor: -1_000n, version: 2n, counterpartyId: merchantId(1) },
    ]);
  });

  test('posts no line of zero, when its fees take all of it', () => {
    const { decisions } = runBatch(emptyBooks(), [aTopUp(1), aPay(2, { fees: [aFee(1_000n), aFee(0n)] })]);
    const { postings, effects } = decidedAt(decisions, 1);
    expect(postings.map((posting) => posting.amountMinor)).toEqual([1_000n]);
    expect(effects.map(({ before, after }) => before === after)).toEqual([true, false]);
  });

  test('fails for one unit that lacks, and shows the balance it was decided on', () => {
    const books = emptyBooks();
    const { decisions, accounts, newPayments } = runBatch(books, [aTopUp(1), aPay(2, { amountMinor: 1_001n })]);
    const { outcome, failure, postings, effects } = decidedAt(decisions, 1);
    expect({ outcome, failure, postings }).toEqual({
      outcome: 'failed',
      failure: failureOf('insufficient_funds'),
      postings: [],
    });
    expect(effects.map(({ after }) => [after.id, after.version])).toEqual([
      [payableId(1), 0n],
      [walletId(1), 1n],
    ]);
    expect(accounts.map(({ id }) => id)).toEqual([walletId(1), houseId('world')]);
    expect(newPayments).toEqual([]);
  });

  test('sees what those before it in the batch left', () => {
    const { decisions } = runBatch(emptyBooks(), [aPay(1), aTopUp(2), aPay(3), aPay(4)]);
    expect(words(decisions)).toEqual(['insufficient_funds', 'succeeded', 'succeeded', 'insufficient_funds']);
  });
});

describe('funds', () => {
  const cases = [
    { held: 1n, overdraft: 0n, status: 'open', word: 'insufficient_funds' },
    { held: 1n, overdraft: 1n, status: 'open', word: 'succeeded' },
    { held: 0n, overdraft: 0n, status: 'open', word: 'succeeded' },
    { held: 0n, overdraft: 0n, status: 'frozen', word: 'account_frozen' },
    { held: 0n, overdraft: 0n, status: 'closed', word: 'account_closed_or_invalid' },
  ] as const;

  test.each(cases)('held $held, overdraft $overdraft, $status: $word', ({ held, overdraft, status, word }) => {
    const books = emptyBooks();
    runBatch(books, [aTopUp(1)]);
    const wallet = books.accounts.get(walletId(1));
    if (wallet === undefined) throw new Error('the top-up made no wallet');
    books.accounts.set(wallet.id, { ...wallet, heldMinor: held, overdraftMinor: overdraft, status });
    expect(words(runBatch(books, [aPay(2)]).decisions)).toEqual([word]);
  });

  test('a frozen wallet can be topped up', () => {
    const books = emptyBooks();
    runBatch(books, [aTopUp(1)]);
    const wallet = books.accounts.get(walletId(1));
    if (wallet === undefined) throw new Error('the top-up made no wallet');
    books.accounts.set(wallet.id, { ...wallet, status: 'frozen' });
    expect(words(runBatch(books, [aTopUp(2)]).decisions)).toEqual(['succeeded']);
  });

  test('no balance goes beyond 2^62, and exactly that is allowed', () => {
    const most = 2n ** 62n;
    const books = emptyBooks();
    const first = runBatch(books, [aTopUp(1, { amountMinor: most + 1n }), aTopUp(2, { amountMinor: most })]);
    expect(words(first.decisions)).toEqual(['ledger_rejected', 'succeeded']);
    expect(words(runBatch(books, [aTopUp(3, { amountMinor: 1n })]).decisions)).toEqual(['ledger_rejected']);
  });
});

describe('a hold', () => {
  /** Nothing but a hold, without the payment that it belongs to. */
  function hold(number: number, heldChangeMinor: bigint): Instruction {
    return {
      asked: aPay(number),
      needs: NO_NEEDS,
      opens: null,
      accountsOf: () => [walletId(1)],
      decide: () => succeeded({ holds: [{ accountId: walletId(1), heldChangeMinor }] }),
    };
  }

  test('takes from what can be spent, raises the version, and cannot exceed the funds', () => {
    const books = emptyBooks();
    runBatch(books, [aTopUp(1)]);
    const readings = [legal(hold(2, 600n)), legal(hold(3, 401n)), legal(hold(4, 400n)), legal(hold(5, -1_000n))];
    const { decisions, accounts } = foldBatch(loadState(books, readings), readings);
    expect(words(decisions)).toEqual(['succeeded', 'insufficient_funds', 'succeeded', 'succeeded']);
    expect(accounts).toMatchObject([{ id: walletId(1), postedMinor: 1_000n, heldMinor: 0n, version: 4n }]);
  });
});

test('what was refused before settles as failed for that reason and touches nothing', () => {
  const failure = failureOf('merchant_inactive');
  const { decisions, accounts } = runBatch(emptyBooks(), [aPay(1, { kind: 'refused', failure, amountMinor: 0n })]);
  expect(decidedAt(decisions, 0)).toMatchObject({ outcome: 'failed', failure, postings: [], effects: [] });
  expect(accounts).toEqual([]);
});

describe('a repeated operation', () => {
  test('changes nothing, in the batch of the first and in a later one', () => {
    const books = emptyBooks();
    const first = runBatch(books, [aTopUp(1), aTopUp(1, { amountMinor: 5n }), aPay(2), aPay(2)]);
    expect(words(first.decisions)).toEqual(['succeeded', 'duplicate', 'succeeded', 'duplicate']);
    const again = runBatch(books, [aPay(2), aTopUp(1)]);
    expect(words(again.decisions)).toEqual(['duplicate', 'duplicate']);
    expect(again.accounts).toEqual([]);
  });

  test('stays failed when the funds have come since: the first record counts', () => {
    const books = emptyBooks();
    const { decisions } = runBatch(books, [aPay(1), aTopUp(2), aPay(1)]);
    expect(words(decisions)).toEqual(['insufficient_funds', 'succeeded', 'duplicate']);
  });

  test('is none when the first was poison: that decided nothing', () => {
    const { decisions } = runBatch(emptyBooks(), [aTopUp(1, { amountMinor: 0n }), aTopUp(1)]);
    expect(words(decisions)).toEqual(['rejected: its amount is not above zero', 'succeeded']);
  });
});

test('places are counted over decided records only', () => {
  const { decisions } = runBatch(emptyBooks(), [aTopUp(1), aTopUp(1), aPay(2, { amountMinor: -1n }), aPay(3)]);
  expect(decidedAt(decisions, 0).index).toBe(0);
  expect(decidedAt(decisions, 3).index).toBe(1);
});

describe('poison', () => {
  const fees = [aFee(10n)];
  const cases: [reason: string, operation: ProcessedOperation][] = [
    ['its amount is not above zero', aPay(1, { amountMinor: 0n })],
    ['its amount is not above zero', aTopUp(1, { amountMinor: -1n })],
    ['it has no amount', aPay(1, { amountMinor: null })],
    ['it has no amount', aPay(1, { currency: null })],
    ['its currency is not known', aPay(1, { currency: 'XXX' })],
    ['it names no customer', aPay(1, { customerId: null })],
    ['it lacks its conversion', aPay(1, { sourceCurrency: 'EUR' })],
    ['only payments from a wallet are known', aPay(1, { method: { type: 'card' } })],
    ['only payments from a wallet are known', aPay(1, { route: {} })],
    ['it is not the first operation of its payment', aPay(1, { paymentId: aPay(2).paymentId })],
    ['a fee is in another currency than the payment', aPay(1, { fees: [aFee(1n, { currency: 'EUR' })] })],
    ['a fee is below zero', aPay(1, { fees: [aFee(-1n)] })],
    ['a fee has a bearer or policy nobody knows', aPay(1, { fees: [aFee(1n, { bearer: 'nobody' })] })],
    ['a fee does not follow from its rule', aPay(1, { amountMinor: 9n, fees })],
    ['a top-up carries no fee', aTopUp(1, { fees })],
    ['only top-ups of the sandbox are known', aTopUp(1, { route: {} })],
    ['rules version 2 is not known', aPay(1, { rulesVersion: 2 })],
    ['its kind is not known, or not one of pass 2', aPay(1, { pass: 2 })],
    ['its kind is not known, or not one of pass 1', aPay(1, { kind: 'guessed' })],
    ['its operation is not known', aPay(1, { operation: 'steal' })],
    [
      'resolve is not known to these rules as priced',
      aPay(1, { operation: 'resolve', operationId: `res_${'0'.repeat(32)}` }),
    ],
    ['its environment is not known', aPay(1, { environment: 'prod' })],
    ['its operation id is not one of pay', aPay(1, { operationId: aTopUp(1).operationId })],
    ['its payment id is not an id', aPay(1, { paymentId: 'pay_' })],
    ['its merchant id is not an id', aPay(1, { merchantId: `${merchantId(1)}:USD` })],
    ['its customer id is not an id', aPay(1, { customerId: 'cus_\u0000' })],
    ['it was refused without a code', aPay(1, { kind: 'refused' })],
    ['it was refused without a code', aPay(1, { kind: 'refused', failure: badFailure() })],
  ];

  test.each(cases)('%s', (reason, operation) => {
    const books = emptyBooks();
    const { decisions } = runBatch(books, [aTopUp(9), operation, aPay(8)]);
    expect(words(decisions)).toEqual(['succeeded', `rejected: ${reason}`, 'succeeded']);
  });

  function badFailure() {
    return { ...failureOf('misconfigured'), code: 'no such\u0000code' };
  }
});
