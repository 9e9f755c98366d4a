// Checks what a `payment.settled` says of fees, conversion, decisions and the payment against what follows from the ruling.

import type { Disagreement } from './differences.ts';
import { disagreements } from './differences.ts';
import type { FeeTaken } from './fee-line.ts';
import type { AskedOperation, Conversion, PaymentTotals, RuleDecision, SettledRecord } from './inputs.ts';
import type { Payment } from './payments.ts';
import type { Verdict } from './rules.ts';
import type { Effect } from './state.ts';

export interface Settling {
  readonly ruling: Verdict;
  /** What was taken over of it. */
  readonly effect: Effect;
  /** The payment after it; undefined when there is none. */
  readonly payment: Payment | undefined;
}

export function checkSettled(
  asked: AskedOperation,
  settled: SettledRecord,
  { ruling, effect, payment }: Settling,
): Generator<Disagreement> {
  const refused = ruling.decision === null ? [] : [ruling.decision];
  return disagreements([
    ['fees', sayFees(effect.fees), sayFees(settled.fees)],
    ['fx', sayConversion(effect.fx), sayConversion(settled.fx)],
    ['decisions', sayDecisions([...(asked.decisions ?? []), ...refused]), sayDecisions(settled.decisions ?? [])],
    ['paymentStatus', payment?.status ?? settled.status, settled.paymentStatus],
    ['payment', sayTotals(payment === undefined ? null : totalsOf(payment)), sayTotals(settled.payment)],
  ]);
}

function totalsOf({ authorizedMinor, capturedMinor, refundedMinor, disputedMinor }: Payment): PaymentTotals {
  const nothingPending = { capturePendingMinor: 0n, refundPendingMinor: 0n };
  return { authorizedMinor, capturedMinor, refundedMinor, disputedMinor, ...nothingPending };
}

function sayTotals(totals: PaymentTotals | null): string {
  if (totals === null) return 'none';
  const { authorizedMinor, capturedMinor, refundedMinor, disputedMinor } = totals;
  const { capturePendingMinor, refundPendingMinor } = totals;
  const pending = `captures pending ${capturePendingMinor}, refunds pending ${refundPendingMinor}`;
  return `authorized ${authorizedMinor}, captured ${capturedMinor}, refunded ${refundedMinor}, disputed ${disputedMinor}, ${pending}`;
}

function sayFees(fees: readonly FeeTaken[]): string {
  const said = fees.map((fee) => `${fee.amountMinor} ${fee.currency} (${fee.ruleId} v${fee.ruleVersion})`);
  return said.join(', ') || 'none';
}

function sayConversion(fx: Conversion | null): string {
  if (fx === null) return 'none';
  const { fromAmountMinor, fromCurrency, toAmountMinor, toCurrency, baseRate, rateSource, ratePublishedAt } = fx;
  const rate = `at ${baseRate} of ${rateSource} ${ratePublishedAt}, quote ${fx.quoteId ?? 'none'}`;
  const rest = `markup ${fx.markupMinor} (${fx.markupBps} bps), rounding ${fx.roundingMinor} ${fx.roundingCurrency}`;
  return `${fromAmountMinor} ${fromCurrency} to ${toAmountMinor} ${toCurrency} ${rate}, ${rest}`;
}

function sayDecisions(decisions: readonly RuleDecision[]): string {
  const said = decisions.map(
    ({ ruleId, ruleVersion, decision, observed, bound, currency }) =>
      `${ruleId} v${ruleVersion} ${decision} ${observed ?? '-'} of ${bound ?? '-'} ${currency ?? ''}`,
  );
  return said.join(', ').trim() || 'none';
}
