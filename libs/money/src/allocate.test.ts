// Shares always add up to the whole, and none is more than one unit away from its exact part.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allocate } from './index.ts';

const weights = fc
  .array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { minLength: 1, maxLength: 20 })
  .filter((list) => list.some((weight) => weight > 0n));
const minor = fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n });

test('the shares add up to the whole', () => {
  fc.assert(
    fc.property(minor, weights, (whole, list) => {
      expect(allocate(whole, list).reduce((sum, share) => sum + share, 0n)).toBe(whole);
    }),
  );
});

test('each share is its exact part, rounded down or up', () => {
  fc.assert(
    fc.property(minor, weights, (whole, list) => {
      const total = list.reduce((sum, weight) => sum + weight, 0n);
      for (const [index, share] of allocate(whole, list).entries()) {
        const error = share * total - whole * (list[index] ?? 0n);
        expect(error < total && error > -total).toBe(true);
      }
    }),
  );
});

test.each([
  // whole, weights, expected
  [100n, [1n, 1n, 1n], [34n, 33n, 33n]],
  [101n, [1n, 1n, 1n], [34n, 34n, 33n]],
  [-100n, [1n, 1n, 1n], [-34n, -33n, -33n]],
  [5n, [3n, 7n], [2n, 3n]],
  [1n, [0n, 1n], [0n, 1n]],
  [0n, [1n, 2n], [0n, 0n]],
  [10n, [1n, 2n, 2n], [2n, 4n, 4n]],
  [7n, [1n, 2n, 2n], [1n, 3n, 3n]],
])('%s over %s is %s', (whole, list, expected) => {
  expect(allocate(whole, list)).toEqual(expected);
});

test.each([[[]], [[0n, 0n]], [[1n, -1n, 5n]]])('weights %s are refused', (list: bigint[]) => {
  expect(() => allocate(100n, list)).toThrow(expect.objectContaining({ code: 'impossible_split' }));
});
