// Computes what each fee line takes of a sum, and what of it is given back with a refund.

import { divideHalfEven, percentOf } from '@paystream/money';
import type { FeeRule, FeeTaken } from '../fee-line.ts';
import type { Terms } from '../payments.ts';

/** What of a payment its fees are computed from. */
type Priced = Pick<Terms, 'rules' | 'feesMinor' | 'amountMinor'>;

const MARGINAL = /^marginal:(?<from>\d+)-(?<to>\d*)$/;

/** `fee(i, C)` for each line i at the captured sum C; on the whole amount it is what the record says. */
export function feesAt({ rules, feesMinor, amountMinor }: Priced, capturedMinor: bigint): readonly bigint[] {
  return capturedMinor === amountMinor ? feesMinor : feesByRule(rules, capturedMinor);
}

/** The same by each line's own rule, whatever the record says. */
export function feesByRule(rules: readonly FeeRule[], sumMinor: bigint): bigint[] {
  let leftMinor = sumMinor;
  return rules.map((rule) => {
    const wantedMinor = feeOf(rule, baseOf(rule, sumMinor));
    const feeMinor = wantedMinor < leftMinor ? wantedMinor : leftMinor;
    leftMinor -= feeMinor;
    return feeMinor;
  });
}

/** What a line is computed from at a sum: all of it, or for a marginal tier the part of it that lies in the band. */
export function baseOf({ tier }: Pick<FeeRule, 'tier'>, sumMinor: bigint): bigint {
  const band = tier === null ? undefined : MARGINAL.exec(tier)?.groups;
  if (band?.['from'] === undefined) return sumMinor;
  const from = BigInt(band['from']);
  // A tier without an upper end takes everything from its lower one on.
  const end = band['to'] === undefined || band['to'] === '' ? sumMinor : BigInt(band['to']) + 1n;
  const inBand = (end < sumMinor ? end : sumMinor) - from;
  return inBand > 0n ? inBand : 0n;
}

function feeOf({ percentBps, fixedMinor, minMinor, maxMinor }: FeeRule, baseMinor: bigint): bigint {
  if (baseMinor === 0n) return 0n;
  const plainMinor = percentOf(baseMinor, percentBps) + fixedMinor;
  const raisedMinor = minMinor !== null && plainMinor < minMinor ? minMinor : plainMinor;
  return maxMinor !== null && raisedMinor > maxMinor ? maxMinor : raisedMinor;
}

/** `feeBack(i, R)` for each line i: what must have been given back once R of the captured sum is refunded. */
export function feesBackAt(terms: Priced, refundedMinor: bigint, capturedMinor: bigint): bigint[] {
  const taken = feesAt(terms, capturedMinor);
  return terms.rules.map(({ refundPolicy }, index) => {
    const takenMinor = taken[index] ?? 0n;
    if (refundPolicy === 'return_all') return refundedMinor > 0n ? takenMinor : 0n;
    if (refundPolicy !== 'return_proportional' || capturedMinor === 0n) return 0n;
    return divideHalfEven(takenMinor * refundedMinor, capturedMinor);
  });
}

/** Sum of the amounts whose line is borne by `bearer`. */
export function borneBy(bearer: string, rules: readonly FeeRule[], amounts: readonly bigint[]): bigint {
  return rules.reduce((sum, rule, index) => (rule.bearer === bearer ? sum + (amounts[index] ?? 0n) : sum), 0n);
}

export function differences(after: readonly bigint[], before: readonly bigint[]): bigint[] {
  return after.map((amountMinor, index) => amountMinor - (before[index] ?? 0n));
}

/** The lines as `payment.settled` says them: in order, zero left out, below zero when given back. */
export function sayTaken(rules: readonly FeeRule[], amounts: readonly bigint[]): FeeTaken[] {
  return rules.flatMap(({ ruleId, ruleVersion, currency }, index) => {
    const amountMinor = amounts[index] ?? 0n;
    return amountMinor === 0n ? [] : [{ ruleId, ruleVersion, amountMinor, currency }];
  });
}
