// Shows that a load is the same in every run: the same keys, and the same customers without enough money.

import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { purchaseKey } from './keys.ts';
import { planLoad } from './plan.ts';
import { readPurchases } from './purchases.ts';

const SAMPLE = fileURLToPath(new URL('../../../../data/cdnow-sample.csv', import.meta.url));
const purchases = await readPurchases(SAMPLE);

describe('keys', () => {
  it('are unique per row of the sample, short, and made of visible characters', () => {
    const keys = purchases.map(purchaseKey);
    expect(new Set(keys).size).toBe(purchases.length);
    for (const key of keys) expect(key).toMatch(/^[\w-]{1,255}$/);
  });

  it('do not change from run to run', () => {
    const purchase = { customer: '00004', date: '1997-01-01', quantity: '2', amountMinor: 2_933n, occurrence: 1 };
    expect(purchaseKey(purchase)).toBe('load-purchase-17d165659ca39ae7220e8267ece82975ffcbecda');
  });
});

describe('the plan', () => {
  it('gives about the stated share half of what they need, and the others all of it', () => {
    const plans = planLoad(purchases, 0.1);
    const short = plans.filter(({ isShort }) => isShort);
    expect(short.length / plans.length).toBeCloseTo(0.1, 1);
    for (const { purchases: own, isShort, topUpMinor } of plans) {
      const needed = own.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
      expect(topUpMinor).toBe(isShort ? needed / 2n : needed);
    }
  });

  it.each([
    [0, 0],
    [1, 2_357],
  ])('knows a share of %d', (share, customers) => {
    const isAble = planLoad(
      purchases.filter(({ amountMinor }) => amountMinor > 0n),
      share,
    );
    expect(isAble.filter(({ isShort }) => isShort)).toHaveLength(Math.min(customers, isAble.length * share));
  });

  it('keeps each customer in file order', () => {
    const [first] = planLoad(purchases, 0.1);
    expect(first?.purchases.map(({ date }) => date)).toEqual(['1997-01-01', '1997-01-18', '1997-08-02', '1997-12-12']);
  });
});
