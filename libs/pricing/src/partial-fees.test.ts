// Fees of a part of a payment: the whole's at the whole, nothing at nothing, and never more than there is.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FeeLine, FeeRule } from './index.ts';
import { compilePlan, feeReturned, feesAt, isSound, priceOperation } from './index.ts';

const AMOUNT_MAX = 10n ** 9n;
const minor = fc.oneof(fc.bigInt(0n, 100n), fc.bigInt(0n, AMOUNT_MAX));
const bound = fc.option(minor);

const rule: fc.Arbitrary<FeeRule> = fc
  .record({
    ruleId: fc.uuid(),
    version: fc.constant(1n),
    kind: fc.constantFrom('processing', 'platform', 'scheme'),
    operation: fc.constant('pay'),
    methodType: fc.constant(null),
    currency: fc.constant('USD'),
    amountFromMinor: bound,
    amountBelowMinor: bound,
    tierMode: fc.option(fc.constantFrom('whole', 'marginal')),
    percentBps: fc.integer({ min: 0, max: 10_000 }),
    fixedMinor: minor,
    minMinor: bound,
    maxMinor: bound,
    bearer: fc.constantFrom('merchant', 'customer'),
    refundPolicy: fc.constantFrom('keep', 'return_proportional', 'return_all'),
  })
  .filter(isSound);
const rules = fc.array(rule, { maxLength: 6 });
const amount = fc.oneof(fc.bigInt(1n, 1_000n), fc.bigInt(1n, AMOUNT_MAX));

function linesOf(amountMinor: bigint, listed: readonly FeeRule[]): FeeLine[] {
  const plan = compilePlan({ feePlanId: 'fp_1', version: 1n, rules: listed });
  const priced = priceOperation({ operation: 'pay', methodType: 'wallet', currency: 'USD', amountMinor }, plan);
  if (!priced.ok) throw new Error(`refused: ${priced.failure.code}`);
  return priced.fees;
}

const sumOf = (minors: readonly bigint[]): bigint => minors.reduce((sum, one) => sum + one, 0n);
/** A part of an amount, from nothing to all of it. */
const partOf = (amountMinor: bigint, share: number): bigint => (amountMinor * BigInt(share)) / 1_000n;
const share = fc.integer({ min: 0, max: 1_000 });

describe('for any plan and any payment', () => {
  test('all of it costs what was priced, and nothing costs nothing', () => {
    fc.assert(
      fc.property(amount, rules, (amountMinor, listed) => {
        const lines = linesOf(amountMinor, listed);
        expect(feesAt(lines, amountMinor)).toEqual(lines.map((line) => line.amountMinor));
        expect(feesAt(lines, 0n)).toEqual(lines.map(() => 0n));
      }),
    );
  });

  test('no part costs more than it is, or less than nothing', () => {
    fc.assert(
      fc.property(amount, rules, share, (amountMinor, listed, at) => {
        const partMinor = partOf(amountMinor, at);
        const fees = feesAt(linesOf(amountMinor, listed), partMinor);
        expect(fees.every((fee) => fee >= 0n)).toBe(true);
        expect(sumOf(fees) <= partMinor).toBe(true);
      }),
    );
  });

  test('in whatever parts, they add up to the whole', () => {
    fc.assert(
      fc.property(amount, rules, fc.array(share, { maxLength: 6 }), (amountMinor, listed, shares) => {
        const lines = linesOf(amountMinor, listed);
        const reached = [0, ...shares.toSorted((a, b) => a - b), 1_000].map((at) => partOf(amountMinor, at));
        const targets = reached.map((sum) => feesAt(lines, sum));
        const taken = lines.map((_line, index) =>
          sumOf(targets.slice(1).map((after, at) => (after[index] ?? 0n) - (targets[at]?.[index] ?? 0n))),
        );
        expect(taken).toEqual(lines.map((line) => line.amountMinor));
      }),
    );
  });

  test('a fee that finds enough left never falls as more is captured', () => {
    fc.assert(
      fc.property(amount, rules, share, share, (amountMinor, listed, one, other) => {
        const [first] = linesOf(amountMinor, listed);
        if (first === undefined) return;
        // The first line finds all of it; later ones may find less once those before them have begun to take.
        const [less, more] = [Math.min(one, other), Math.max(one, other)].map((at) => partOf(amountMinor, at));
        const [before = 0n] = feesAt([first], less ?? 0n);
        const [after = 0n] = feesAt([first], more ?? 0n);
        expect(after >= before).toBe(true);
      }),
    );
  });
});

describe('what goes back of a fee', () => {
  const line = fc.constantFrom('keep', 'return_proportional', 'return_all').map((refundPolicy) => ({ refundPolicy }));

  test('is nothing before a refund, never falls, and at the end what the policy says', () => {
    fc.assert(
      fc.property(line, amount, share, share, share, (policy, capturedMinor, feeShare, one, other) => {
        const feeMinor = partOf(capturedMinor, feeShare);
        const backAt = (refundedMinor: bigint): bigint =>
          feeReturned(policy, feeMinor, { refundedMinor, capturedMinor });
        const [less, more] = [Math.min(one, other), Math.max(one, other)].map((at) => partOf(capturedMinor, at));
        expect(backAt(0n)).toBe(0n);
        expect(backAt(more ?? 0n) >= backAt(less ?? 0n)).toBe(true);
        expect(backAt(capturedMinor)).toBe(policy.refundPolicy === 'keep' ? 0n : feeMinor);
      }),
    );
  });

  test.each([
    ['return_proportional', 62n, 366n, 21n],
    ['return_proportional', 5n, 50n, 2n], // 2.5, to the even one
    ['return_proportional', 7n, 50n, 4n], // 3.5
    ['return_all', 62n, 1n, 62n],
    ['keep', 62n, 100n, 0n],
    ['whatever', 62n, 100n, 0n],
  ])('%s of %s at %s refunded: %s', (refundPolicy, feeMinor, refundedMinor, expected) => {
    const capturedMinor = feeMinor === 62n ? 1_099n : 100n;
    expect(feeReturned({ refundPolicy }, feeMinor, { refundedMinor, capturedMinor })).toBe(expected);
  });
});

test('marginal tiers reach a part one after the other', () => {
  const tiers: FeeRule[] = [
    [null, 1_000n, 300],
    [1_000n, null, 100],
  ].map(([amountFromMinor, amountBelowMinor, percentBps], index) => ({
    ruleId: `tier_${index}`,
    version: 1n,
    kind: 'processing',
    operation: 'pay',
    methodType: null,
    currency: 'USD',
    amountFromMinor: amountFromMinor as bigint | null,
    amountBelowMinor: amountBelowMinor as bigint | null,
    tierMode: 'marginal',
    percentBps: Number(percentBps),
    fixedMinor: 5n,
    minMinor: null,
    maxMinor: null,
    bearer: 'merchant',
    refundPolicy: 'keep',
  }));
  const lines = linesOf(2_000n, tiers);
  expect(lines.map(({ tier, amountMinor }) => `${tier} ${amountMinor}`)).toEqual([
    'marginal:0-999 35',
    'marginal:1000- 15',
  ]);
  expect([1n, 500n, 1_000n, 1_001n, 2_000n].map((at) => feesAt(lines, at))).toEqual([
    [1n, 0n],
    [20n, 0n],
    [35n, 0n],
    [35n, 5n],
    [35n, 15n],
  ]);
});
