// Shows a rate as the field's best-known quote object does.
import { expect, test } from 'vitest';
import { displayedRate, feeRate } from './model.ts';

test.each([
  ['1.12415', 200, '1.10167', '0.02'],
  ['1.12415', 0, '1.12415', '0'],
  ['1.12415', 5, '1.12359', '0.0005'],
  ['157.250268528464017', 100, '155.678', '0.01'],
  ['0.00569216757741347905', 250, '0.00554986', '0.025'],
  ['1.1', 10_000, '0', '1'],
])('%s with a markup of %i basis points is shown as %s', (baseRate, markupBps, rate, fee) => {
  expect(displayedRate(baseRate, markupBps)).toBe(rate);
  expect(feeRate(markupBps)).toBe(fee);
});
