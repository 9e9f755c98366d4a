// Holds the fold to its promises over random streams of operations: books in balance, no matter how the stream is cut.
import fc from 'fast-check';
import { aMove, operationsOf } from '@paystream/testkit';
import { describe, expect, test } from 'vitest';
import { costAt } from './customer-money.ts';
import type { ProcessedOperation } from './processed-operation.ts';
import type { Books } from './testing/builders.ts';
import { emptyBooks, runBatch } from './testing/builders.ts';

/** Records of every operation about a few customers and merchants in three currencies; many have to be declined. */
const aStream = fc.array(aMove, { maxLength: 150, size: 'max' }).map((moves) => operationsOf(moves));
const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 120 });

/** The stream in batches of these sizes, taken round and round. */
function* batchesOf(stream: readonly ProcessedOperation[], sizes: readonly number[]): Generator<ProcessedOperation[]> {
  for (let at = 0, turn = 0; at < stream.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield stream.slice(at, at + size);
    at += size;
  }
}

/** Runs the stream in batches and gives the books with all that was decided, without the places in batches. */
function run(stream: readonly ProcessedOperation[], sizes: readonly number[]) {
  const books = emptyBooks();
  const decisions = [...batchesOf(stream, sizes)].flatMap((batch) => runBatch(books, batch).decisions);
  const outcomes = decisions.map((decision) => (decision.kind === 'decided' ? { ...decision, index: null } : decision));
  return { books, outcomes };
}

function sumsByCurrency(books: Books): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { currency, postedMinor } of books.accounts.values()) {
    sums.set(currency, (sums.get(currency) ?? 0n) + postedMinor);
  }
  return sums;
}

describe('over any stream of operations', () => {
  test('every currency sums to zero, and every posting is above zero between two accounts of its currency', () => {
    fc.assert(
      fc.property(aStream, cuts, (stream, sizes) => {
        const { books, outcomes } = run(stream, sizes);
        for (const sumMinor of sumsByCurrency(books).values()) expect(sumMinor).toBe(0n);
        for (const { debitAccount, creditAccount, currency, amountMinor } of outcomes.flatMap(postingsOf)) {
          expect(amountMinor).toBeGreaterThan(0n);
          expect(debitAccount).not.toBe(creditAccount);
          expect([debitAccount, creditAccount].map((id) => books.accounts.get(id)?.currency)).toEqual([
            currency,
            currency,
          ]);
        }
      }),
    );
  });

  test('every balance follows from the postings, and no account that is checked is below its limit', () => {
    fc.assert(
      fc.property(aStream, cuts, (stream, sizes) => {
        const { books, outcomes } = run(stream, sizes);
        const sums = new Map<string, bigint>();
        const add = (id: string, minor: bigint) => void sums.set(id, (sums.get(id) ?? 0n) + minor);
        for (const { debitAccount, creditAccount, amountMinor } of outcomes.flatMap(postingsOf)) {
          add(debitAccount, -amountMinor);
          add(creditAccount, amountMinor);
        }
        for (const { id, checked, postedMinor, heldMinor, overdraftMinor } of books.accounts.values()) {
          expect(postedMinor).toBe(sums.get(id) ?? 0n);
          if (checked) expect(postedMinor - heldMinor + overdraftMinor).toBeGreaterThanOrEqual(0n);
        }
      }),
    );
  });

  test('what is held is what open authorizations have left, and no payment gives or takes more than it has', () => {
    fc.assert(
      fc.property(aStream, cuts, (stream, sizes) => {
        const { books } = run(stream, sizes);
        const held = new Map<string, bigint>();
        for (const payment of books.payments.values()) {
          const { authorizedMinor, capturedMinor, refundedMinor, disputedMinor, lostMinor, status } = payment;
          expect(capturedMinor).toBeLessThanOrEqual(authorizedMinor);
          expect(refundedMinor + disputedMinor).toBeLessThanOrEqual(capturedMinor);
          expect(lostMinor).toBeLessThanOrEqual(disputedMinor);
          if (status !== 'authorized' && status !== 'partially_captured') continue;
          const wallet = `test:wallet:${payment.customerId}:${payment.fx?.fromCurrency ?? payment.currency}`;
          const leftMinor = costAt(payment, authorizedMinor).totalMinor - costAt(payment, capturedMinor).totalMinor;
          held.set(wallet, (held.get(wallet) ?? 0n) + leftMinor);
        }
        for (const { id, heldMinor } of books.accounts.values()) expect(heldMinor).toBe(held.get(id) ?? 0n);
      }),
    );
  });

  test('cutting it into other batches gives the same decisions and the same books', () => {
    fc.assert(
      fc.property(aStream, cuts, (stream, sizes) => {
        expect(run(stream, sizes)).toEqual(run(stream, [stream.length + 1]));
      }),
    );
  });

  test('replaying any part of it changes nothing', () => {
    fc.assert(
      fc.property(aStream, cuts, fc.nat(), fc.nat(), (stream, sizes, from, length) => {
        const { books } = run(stream, sizes);
        const start = from % (stream.length + 1);
        const again = stream.slice(start, start + (length % (stream.length + 1)));
        const before = structuredClone(books);
        const folded = runBatch(books, again);
        expect(books).toEqual(before);
        expect(folded.decisions.every((decision) => decision.kind !== 'decided')).toBe(true);
      }),
    );
  });
});

function postingsOf(outcome: ReturnType<typeof run>['outcomes'][number]) {
  return outcome.kind === 'decided' ? outcome.postings : [];
}
