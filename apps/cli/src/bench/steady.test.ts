// Shows when a stack counts as settled.

import { expect, it } from 'vitest';
import { isSteady } from './steady.ts';

it('is settled when the last three slices differ little, whatever came before', () => {
  expect(isSteady([80, 40, 25, 25.5, 24.8])).toBe(true);
  expect(isSteady([25, 25, 25, 25, 40])).toBe(false);
});

it('is not settled while it still becomes cheaper', () => {
  expect(isSteady([40, 34, 29])).toBe(false);
});

it('is not settled with too few slices, or one without a payment', () => {
  expect(isSteady([])).toBe(false);
  expect(isSteady([25, 25])).toBe(false);
  expect(isSteady([25, null, 25])).toBe(false);
});
