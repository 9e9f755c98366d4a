// Splits an amount into shares that add up to it, to the last minor unit.
import { MoneyError } from './errors.ts';

interface Share {
  index: number;
  minor: bigint;
  /** What rounding down left out, in parts of the total weight. */
  remainder: bigint;
}

/**
 * Shares of `minor` in proportion to the weights, in their order, by largest remainder; ties go to the earlier share.
 * The sum of the shares is `minor`, whatever its sign. Throws `impossible_split` when a weight is below zero or all are
 * zero.
 */
export function allocate(minor: bigint, weights: readonly bigint[]): bigint[] {
  if (minor < 0n) return allocate(-minor, weights).map((share) => -share);
  const total = totalOf(weights);
  const shares = weights.map((weight, index): Share => {
    const product = minor * weight;
    return { index, minor: product / total, remainder: product % total };
  });
  // What rounding down kept back is less than one unit per share.
  let left = minor - shares.reduce((sum, share) => sum + share.minor, 0n);
  for (const share of shares.toSorted(byLargestRemainder)) {
    if (left === 0n) break;
    share.minor += 1n;
    left -= 1n;
  }
  return shares.map((share) => share.minor);
}

function totalOf(weights: readonly bigint[]): bigint {
  if (weights.some((weight) => weight < 0n)) throw new MoneyError('impossible_split', 'a weight is below zero');
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  if (total === 0n) throw new MoneyError('impossible_split', 'no share has a weight');
  return total;
}

function byLargestRemainder(a: Share, b: Share): number {
  if (a.remainder === b.remainder) return a.index - b.index;
  return a.remainder > b.remainder ? -1 : 1;
}
