// Checks what a first operation's record says it costs against the terms it says it was computed from.

import type { Disagreement } from '../differences.ts';
import { disagreements } from '../differences.ts';
import type { AskedOperation } from '../inputs.ts';
import { costOf } from './conversion.ts';
import { baseOf, borneBy, feesByRule } from './fees.ts';

const PRICED = new Set(['pay', 'authorize', 'transfer', 'pay_out']);

/** The figures of the record that do not follow from its own terms; only of a lawful record. */
export function* findWrongPrices(asked: AskedOperation): Generator<Disagreement> {
  const { kind, operation, amountMinor, currency } = asked;
  if (kind !== 'priced' || !PRICED.has(operation) || amountMinor === null || currency === null) return;
  yield* findWrongFees(asked, amountMinor);
  yield* findWrongConversion(asked, amountMinor, currency);
}

function* findWrongFees({ fees }: AskedOperation, amountMinor: bigint): Generator<Disagreement> {
  const right = feesByRule(fees, amountMinor);
  yield* disagreements(
    fees.flatMap((fee, index) => [
      [`fee ${fee.ruleId}`, right[index], fee.amountMinor] as const,
      [`base of fee ${fee.ruleId}`, baseOf(fee, amountMinor), fee.baseMinor] as const,
    ]),
  );
}

function* findWrongConversion(
  { fx, fees, quote }: AskedOperation,
  amountMinor: bigint,
  currency: string,
): Generator<Disagreement> {
  if (fx === null) return;
  const customerFees = borneBy(
    'customer',
    fees,
    fees.map((fee) => fee.amountMinor),
  );
  const towardMinor = amountMinor + customerFees;
  const cost = costOf(towardMinor, currency, fx);
  yield* disagreements([
    ['fx.fromAmountMinor', cost.costMinor, fx.fromAmountMinor],
    ['fx.toAmountMinor', towardMinor, fx.toAmountMinor],
    ['fx.markupMinor', cost.markupMinor, fx.markupMinor],
    ['fx.roundingMinor', cost.roundingMinor, fx.roundingMinor],
    ['fx.roundingCurrency', fx.fromCurrency, fx.roundingCurrency],
  ]);
  if (quote === null) return;
  yield* disagreements([
    ['fx.quoteId', quote.quoteId, fx.quoteId],
    ['fx.baseRate', quote.baseRate, fx.baseRate],
    ['fx.markupBps', quote.markupBps, fx.markupBps],
  ]);
}
