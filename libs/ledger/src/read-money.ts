// Takes amount, fees and conversion out of a record, or says why they cannot be what a lawful writer wrote.
import { isCurrency } from '@paystream/money';
import { feesAt, isSoundConversion, takeFor } from '@paystream/pricing';
import { towardAt } from './customer-money.ts';
import type { ProcessedOperation } from './processed-operation.ts';

export interface Amount {
  /** Above zero. */
  readonly amountMinor: bigint;
  /** ISO 4217 */
  readonly currency: string;
}

/** A text says what is wrong with it. */
export function readAmount({ amountMinor, currency }: ProcessedOperation): Amount | string {
  if (amountMinor === null || currency === null) return 'it has no amount';
  if (amountMinor <= 0n) return 'its amount is not above zero';
  return isCurrency(currency) ? { amountMinor, currency } : 'its currency is not known';
}

const BPS_MAX = 10_000;
const BEARERS: ReadonlySet<string> = new Set(['merchant', 'customer']);
const REFUND_POLICIES: ReadonlySet<string> = new Set(['keep', 'return_proportional', 'return_all']);

/** What is wrong with the fee lines of an amount, or null: each must follow from its own rule, or no part of it could. */
export function faultInFees({ fees }: ProcessedOperation, { amountMinor, currency }: Amount): string | null {
  for (const { percentBps, fixedMinor, minMinor, maxMinor, bearer, refundPolicy, currency: of } of fees) {
    if (of !== currency) return 'a fee is in another currency than the payment';
    if (!BEARERS.has(bearer) || !REFUND_POLICIES.has(refundPolicy)) return 'a fee has a bearer or policy nobody knows';
    if (!Number.isInteger(percentBps) || percentBps < 0 || percentBps > BPS_MAX) return 'a fee has no percentage';
    if (fixedMinor < 0n || (minMinor ?? 0n) < 0n || (maxMinor ?? 0n) < 0n) return 'a fee is below zero';
  }
  const due = feesAt(fees, amountMinor);
  return fees.every((fee, line) => fee.amountMinor === due[line]) ? null : 'a fee does not follow from its rule';
}

/** What is wrong with the conversion of a first operation, or null: all of it must follow from rate and markup. */
export function faultInConversion(asked: ProcessedOperation, { amountMinor, currency }: Amount): string | null {
  const { fx, sourceCurrency } = asked;
  const isConverted = sourceCurrency !== null && sourceCurrency !== currency;
  if (fx === null) return isConverted ? 'it lacks its conversion' : null;
  if (!isConverted) return 'it is converted without need';
  if (fx.fromCurrency !== sourceCurrency || fx.toCurrency !== currency) return 'its conversion is between others';
  if (!isCurrency(fx.fromCurrency)) return 'its source currency is not known';
  if (!isSoundConversion(fx)) return 'its rate is none';
  const towardMinor = towardAt(asked, amountMinor);
  const { collectedMinor, markupMinor, roundingMinor } = takeFor(fx, towardMinor);
  const follows =
    fx.toAmountMinor === towardMinor &&
    fx.fromAmountMinor === collectedMinor + markupMinor &&
    fx.markupMinor === markupMinor &&
    fx.roundingMinor === roundingMinor &&
    fx.roundingCurrency === fx.fromCurrency;
  return follows ? null : 'its conversion does not follow from its rate';
}
