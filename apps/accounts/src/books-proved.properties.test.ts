// Lets the proof derive again, from the log alone, the books that the fold has kept over random streams of every operation.
import { describeDifference, proveBooks } from '@paystream/proof';
import { aMove, operationsOf } from '@paystream/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keepBooks } from './testing/books-in-memory.ts';

const MOVES_MAX = 120;
const BATCH_SIZE_MAX = 30;
/** A broken fold has to be noticed however rarely the break shows. */
const IS_BROKEN = process.env.PAYSTREAM_MUTATION !== undefined;
const RUNS = IS_BROKEN ? 1_500 : 150;

const streams = fc.array(aMove, { maxLength: MOVES_MAX, size: 'max' }).map((moves) => operationsOf(moves));
const batchSizes = fc.array(fc.integer({ min: 1, max: BATCH_SIZE_MAX }), { minLength: 1, maxLength: 10 });

const RUN_MS_MAX = 60_000;

test(
  'the proof reaches every decision, posting, version and balance that the fold has reached',
  { timeout: RUN_MS_MAX },
  async () => {
    await fc.assert(
      fc.asyncProperty(streams, batchSizes, async (stream, sizes) => {
        const { differences, records } = await proveBooks(keepBooks(stream, sizes));
        expect(differences.map(describeDifference)).toEqual([]);
        expect(records).toBe(stream.length);
      }),
      // A broken fold is not made small: that it is noticed is enough.
      { numRuns: RUNS, endOnFailure: IS_BROKEN },
    );
  },
);
