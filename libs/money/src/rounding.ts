// Decides how a ratio becomes a whole number of minor units.
import { MoneyError } from './errors.ts';

const BASIS_POINTS_PER_WHOLE = 10_000n;

/**
 * `numerator / denominator`, rounded to the nearest whole, ties to the even one; the same on both sides of zero.
 * The denominator is above zero. Throws `out_of_bounds` otherwise.
 */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  if (denominator <= 0n) throw new MoneyError('out_of_bounds', 'the denominator of a ratio is above zero');
  if (numerator < 0n) return -divideHalfEven(-numerator, denominator);
  const whole = numerator / denominator;
  const twiceTheRest = (numerator % denominator) * 2n;
  if (twiceTheRest < denominator) return whole;
  if (twiceTheRest > denominator) return whole + 1n;
  return whole % 2n === 0n ? whole : whole + 1n;
}

/** `basisPoints` hundredths of a per cent of an amount in minor units, rounded half to even. */
export function percentOf(minor: bigint, basisPoints: number): bigint {
  return divideHalfEven(minor * BigInt(basisPoints), BASIS_POINTS_PER_WHOLE);
}
