// Accepts more than is remembered: what is on its way is known, and memory stays bounded.
import { expect, test } from 'vitest';
import { createAcceptedHere } from './accepted-here.ts';

const MANY = 50_000;

test('what was accepted here is known until its outcome is told', () => {
  const accepted = createAcceptedHere();
  accepted.add(['a', 'b']);
  expect(accepted.has('a')).toBe(true);
  accepted.forget(['a', 'of another gateway']);
  expect([accepted.has('a'), accepted.has('b'), accepted.has('c')]).toEqual([false, true, false]);
});

test('the oldest of many are forgotten, the newest are not, and one of an older generation can be told too', () => {
  const accepted = createAcceptedHere();
  for (let number = 0; number < MANY; number++) accepted.add([`${number}`]);
  expect(accepted.has('0')).toBe(false);
  const kept = Array.from({ length: MANY }, (_, number) => `${number}`).filter((uuid) => accepted.has(uuid));
  expect(kept.at(-1)).toBe(`${MANY - 1}`);
  expect(kept.length).toBeGreaterThanOrEqual(20_000);
  expect(kept.length).toBeLessThanOrEqual(40_000);
  accepted.forget(kept);
  expect(kept.some((uuid) => accepted.has(uuid))).toBe(false);
});
