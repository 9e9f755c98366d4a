// Holds the fold to its promises over random streams of operations: books in balance, no matter how the stream is cut.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ProcessedOperation } from './model.ts';
import type { Books } from './testing/builders.ts';
import { aFee, aPay, aTopUp, customerId, emptyBooks, merchantId, runBatch } from './testing/builders.ts';

/** Few ids and small amounts, so that repetitions, shared accounts and missing funds are common. */
const anId = fc.integer({ min: 0, max: 40 });
const aCustomer = fc.integer({ min: 1, max: 3 }).map(customerId);
const aMerchant = fc.integer({ min: 1, max: 2 }).map(merchantId);
const aCurrency = fc.constantFrom('USD', 'JPY');
const anAmount = fc.oneof(
  { weight: 20, arbitrary: fc.bigInt({ min: 1n, max: 500n }) },
  { weight: 1, arbitrary: fc.constantFrom(0n, -1n, 2n ** 62n, 2n ** 63n - 1n) },
);

const topUp = fc
  .record({ id: anId, customer: aCustomer, currency: aCurrency, amountMinor: anAmount })
  .map(({ id, customer, ...rest }) => aTopUp(id, { customerId: customer, ...rest }));

const pay = fc
  .record({
    id: anId,
    customer: aCustomer,
    merchant: aMerchant,
    currency: aCurrency,
    amountMinor: anAmount,
    feesMinor: fc.array(fc.bigInt({ min: 0n, max: 20n }), { maxLength: 3 }),
  })
  .map(({ id, customer, merchant, currency, amountMinor, feesMinor }) => {
    // Together never more than the amount, as the processor prices them.
    let leftMinor = amountMinor;
    const fees = feesMinor.map((minor) => {
      const feeMinor = minor < leftMinor ? minor : leftMinor;
      leftMinor -= feeMinor;
      return aFee(feeMinor, { currency });
    });
    return aPay(id, { customerId: customer, merchantId: merchant, currency, amountMinor, fees });
  });

const aStream = fc.array(fc.oneof(topUp, pay), { maxLength: 120 });
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

  test('every balance and version follows from the postings, and none is below its limit', () => {
    fc.assert(
      fc.property(aStream, cuts, (stream, sizes) => {
        const { books, outcomes } = run(stream, sizes);
        const sums = new Map<string, { postedMinor: bigint; version: bigint }>();
        for (const outcome of outcomes) {
          const touched = new Set<string>();
          for (const { debitAccount, creditAccount, amountMinor } of postingsOf(outcome)) {
            for (const [id, minor] of [
              [debitAccount, -amountMinor],
              [creditAccount, amountMinor],
            ] as const) {
              const sum = sums.get(id) ?? { postedMinor: 0n, version: 0n };
              sums.set(id, {
                postedMinor: sum.postedMinor + minor,
                version: sum.version + (touched.has(id) ? 0n : 1n),
              });
              touched.add(id);
            }
          }
        }
        const found = [...books.accounts.values()];
        expect(new Map(found.map(({ id, postedMinor, version }) => [id, { postedMinor, version }]))).toEqual(sums);
        for (const { checked, postedMinor } of found) if (checked) expect(postedMinor).toBeGreaterThanOrEqual(0n);
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
