// What the door lets in and what the log's readers take are one set, to its last microsecond.
import { expect, test } from 'vitest';
import { isAmount, isHoldEnd, isTime } from './index.ts';

const NOW = 1_790_000_000_000_000n;
const DAY = 86_400_000_000n;

test.each([
  [NOW, false],
  [NOW - 1n, false],
  [NOW + 1n, true],
  [NOW + 30n * DAY, true],
  [NOW + 30n * DAY + 1n, false],
])('a hold asked for at %s', (expiresAt, expected) => {
  expect(isHoldEnd(expiresAt, NOW)).toBe(expected);
});

test('a time lies after the epoch and can be written with a year of four digits', () => {
  expect([-1n, 0n, 1n].map(isTime)).toEqual([false, false, true]);
  expect([253_402_300_799_999_999n, 253_402_300_800_000_000n].map(isTime)).toEqual([true, false]);
});

test('an amount is what HTTP can say', () => {
  expect([0n, 1n, 2n ** 53n - 1n, 2n ** 53n].map(isAmount)).toEqual([false, true, true, false]);
});
