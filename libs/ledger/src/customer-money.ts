// Computes what a customer has paid, and has got back, once so much of a payment is captured or returned: the targets whose
// differences every partial operation takes or gives (docs/operations.md, "The payment row").
import type { FeeLine } from '@paystream/pricing';
import { feeReturned, feesAt, takeFor } from '@paystream/pricing';
import type { Payment, PaymentTerms } from './payment.ts';

/** What the customer pays, in minor units of the wallet's currency. */
export interface Cost {
  /** Of it, what buys the payment: everything but the markup. */
  readonly collectedMinor: bigint;
  /** Of what is collected, what the currency position gets; all of it where nothing is converted. */
  readonly positionMinor: bigint;
  /** Of what is collected, what rounding it up to a whole unit leaves beside the position. */
  readonly roundingMinor: bigint;
  /** Beside what is collected: the house's income. */
  readonly markupMinor: bigint;
  /** Collected and markup: by so much the wallet falls. */
  readonly totalMinor: bigint;
}

const NOTHING: Cost = { collectedMinor: 0n, positionMinor: 0n, roundingMinor: 0n, markupMinor: 0n, totalMinor: 0n };

/** What the customer's money has to bring in the payment's currency: what is captured, and the fees the customer bears. */
export function towardAt({ fees }: Pick<PaymentTerms, 'fees'>, capturedMinor: bigint): bigint {
  const feeMinors = feesAt(fees, capturedMinor);
  return fees.reduce(
    (sum, { bearer }, line) => (bearer === 'customer' ? sum + (feeMinors[line] ?? 0n) : sum),
    capturedMinor,
  );
}

/** What the customer has paid once `capturedMinor` is captured. */
export function costAt(terms: Pick<PaymentTerms, 'fees' | 'fx'>, capturedMinor: bigint): Cost {
  const towardMinor = towardAt(terms, capturedMinor);
  if (terms.fx === null) {
    return { ...NOTHING, collectedMinor: towardMinor, positionMinor: towardMinor, totalMinor: towardMinor };
  }
  const taken = takeFor(terms.fx, towardMinor);
  return { ...taken, totalMinor: taken.collectedMinor + taken.markupMinor };
}

/** What the customer pays for the part from `fromMinor` captured to `toMinor`; some of it may be below zero. */
export function costBetween(terms: Pick<PaymentTerms, 'fees' | 'fx'>, fromMinor: bigint, toMinor: bigint): Cost {
  const before = costAt(terms, fromMinor);
  const after = costAt(terms, toMinor);
  return {
    collectedMinor: after.collectedMinor - before.collectedMinor,
    positionMinor: after.positionMinor - before.positionMinor,
    roundingMinor: after.roundingMinor - before.roundingMinor,
    markupMinor: after.markupMinor - before.markupMinor,
    totalMinor: after.totalMinor - before.totalMinor,
  };
}

/** What of a fee line has gone back once `refundedMinor` is refunded, in the order of the lines. */
export function feesBackAt(
  { fees, capturedMinor }: Pick<Payment, 'fees' | 'capturedMinor'>,
  refundedMinor: bigint,
): bigint[] {
  const taken = feesAt(fees, capturedMinor);
  return fees.map((line, at) => feeReturned(line, taken[at] ?? 0n, { refundedMinor, capturedMinor }));
}

/** Everything that has gone back to the customer, in the payment's currency: refunds, lost disputes, fees the customer bore. */
export function returnedAt(payment: Payment): bigint {
  const feesBack = feesBackAt(payment, payment.refundedMinor);
  const borne = payment.fees.map(({ bearer }, line) => (bearer === 'customer' ? (feesBack[line] ?? 0n) : 0n));
  return borne.reduce((sum, minor) => sum + minor, payment.refundedMinor + payment.lostMinor);
}

/** What has gone back into the wallet once `returnedMinor` of the payment has, at the payment's own rate. */
export interface Back {
  readonly totalMinor: bigint;
  /** Of it, what the currency position gives; rounding gives the rest. */
  readonly positionMinor: bigint;
}

/** In minor units of the wallet's currency; for a payment with a conversion. */
export function backAt(payment: Payment, returnedMinor: bigint): Back {
  const { collectedMinor, positionMinor } = costAt(payment, payment.capturedMinor);
  const wholeMinor = towardAt(payment, payment.capturedMinor);
  return {
    totalMinor: (collectedMinor * returnedMinor) / wholeMinor,
    positionMinor: (positionMinor * returnedMinor) / wholeMinor,
  };
}

/** The lines with what this operation takes of each, or gives back when below zero; lines of nothing are left out. */
export function feeChanges(
  fees: readonly Readonly<FeeLine>[],
  beforeMinors: readonly bigint[],
  afterMinors: readonly bigint[],
): FeeLine[] {
  return fees
    .map((line, at) => ({ ...line, amountMinor: (afterMinors[at] ?? 0n) - (beforeMinors[at] ?? 0n) }))
    .filter(({ amountMinor }) => amountMinor !== 0n);
}
