// Computes what of a payment's fees is due for a part of it, and what of them goes back: docs/operations.md has the rules.
import { divideHalfEven, percentOf } from '@paystream/money';
import type { FeeLine } from './price-operation.ts';

/** Each line's fee when `capturedMinor` of the payment is captured, in the order of the lines; all of it at the whole amount. */
export function feesAt(lines: readonly Readonly<FeeLine>[], capturedMinor: bigint): bigint[] {
  let leftMinor = capturedMinor;
  return lines.map((line) => {
    const dueMinor = dueOf(line, baseOf(line, capturedMinor));
    const feeMinor = dueMinor > leftMinor ? leftMinor : dueMinor;
    leftMinor -= feeMinor;
    return feeMinor;
  });
}

/** What of a fee has gone back once `refundedMinor` of `capturedMinor` (above zero) is refunded. */
export function feeReturned(
  { refundPolicy }: Pick<FeeLine, 'refundPolicy'>,
  feeMinor: bigint,
  { refundedMinor, capturedMinor }: { refundedMinor: bigint; capturedMinor: bigint },
): bigint {
  switch (refundPolicy) {
    case 'return_proportional':
      return divideHalfEven(feeMinor * refundedMinor, capturedMinor);
    case 'return_all':
      return refundedMinor > 0n ? feeMinor : 0n;
    default:
      return 0n;
  }
}

function dueOf({ percentBps, fixedMinor, minMinor, maxMinor }: FeeLine, baseMinor: bigint): bigint {
  if (baseMinor <= 0n) return 0n;
  const computed = percentOf(baseMinor, percentBps) + fixedMinor;
  const atLeast = minMinor !== null && computed < minMinor ? minMinor : computed;
  return maxMinor !== null && atLeast > maxMinor ? maxMinor : atLeast;
}

const MARGINAL_BAND = /^marginal:(?<from>\d+)-(?<to>\d*)$/;

/** What the line's rule looks at: the captured sum, or for a marginal tier the part of it that lies in the band. */
function baseOf({ tier }: FeeLine, capturedMinor: bigint): bigint {
  const { from, to } = MARGINAL_BAND.exec(tier ?? '')?.groups ?? {};
  if (from === undefined || to === undefined) return capturedMinor;
  const top = to !== '' && BigInt(to) + 1n < capturedMinor ? BigInt(to) + 1n : capturedMinor;
  return top - BigInt(from);
}
