// Turns fee lines, conversions and failures of events into what HTTP shows of them.
import { customerCodeOf, isFailureCode } from '@paystream/payments';
import type { Failure, FeeLine, FxConversion } from '@paystream/topics';
import { isoMicros } from '../iso-micros.ts';

/** As read back from JSON the integers are numbers. */
type Integer = bigint | number;

export interface FeeObject {
  kind: string;
  amount: Integer;
  currency: string;
  bearer: string;
  rule_id: string;
  rule_version: Integer;
  percent_bps: number;
  fixed: Integer;
}

export interface FxObject {
  from_amount: Integer;
  from_currency: string;
  rate: string;
  markup: Integer;
  rounding: Integer;
  quote: string | null;
}

export function toFeeObject(fee: FeeLine): FeeObject {
  return {
    kind: fee.kind,
    amount: fee.amountMinor,
    currency: fee.currency,
    bearer: fee.bearer,
    rule_id: fee.ruleId,
    rule_version: fee.ruleVersion,
    percent_bps: fee.percentBps,
    fixed: fee.fixedMinor,
  };
}

export function toFxObject(fx: FxConversion): FxObject {
  return {
    from_amount: fx.fromAmountMinor,
    from_currency: fx.fromCurrency,
    rate: fx.baseRate,
    markup: fx.markupMinor,
    rounding: fx.roundingMinor,
    quote: fx.quoteId,
  };
}

/** Fees of several operations together: one line per rule, in the order in which they were first met. */
export function addFees(fees: readonly FeeObject[], more: readonly FeeObject[]): FeeObject[] {
  const lines = new Map<string, FeeObject>();
  for (const fee of [...fees, ...more]) {
    const name = JSON.stringify([fee.rule_id, String(fee.rule_version), fee.kind, fee.bearer, fee.currency]);
    const line = lines.get(name);
    lines.set(name, line === undefined ? fee : { ...line, amount: BigInt(line.amount) + BigInt(fee.amount) });
  }
  return [...lines.values()];
}

/** Conversions of several captures of one payment together. */
export function addFx(fx: FxObject | null, more: FxObject | null): FxObject | null {
  if (fx === null || more === null) return more ?? fx;
  const sum = (pick: (of: FxObject) => Integer) => BigInt(pick(fx)) + BigInt(pick(more));
  return {
    ...fx,
    from_amount: sum(({ from_amount }) => from_amount),
    markup: sum(({ markup }) => markup),
    rounding: sum(({ rounding }) => rounding),
  };
}

export function toFailureObject(failure: Failure): object {
  const { code } = failure;
  return {
    code,
    category: failure.category,
    stage: failure.stage,
    advice: failure.advice,
    retry_not_before: failure.retryNotBefore === null ? null : isoMicros(failure.retryNotBefore),
    provider: failure.provider,
    provider_code: failure.providerCode,
    network_code: failure.networkCode,
    network_advice: failure.networkAdvice,
    mapping_version: failure.mappingVersion,
    customer_message_key: isFailureCode(code) ? customerCodeOf(code) : code,
  };
}
