// Keeps fee lines and conversions as JSON, amounts as text: JSON's own numbers lose what is beyond 2^53.
import type { Conversion, PaymentTerms } from '@paystream/ledger';

type Fee = PaymentTerms['fees'][number];

/** What JSON makes of a value: every bigint a text. */
type Stored<T> = {
  [Field in keyof T]: T[Field] extends bigint ? string : T[Field] extends bigint | null ? string | null : T[Field];
};

export type StoredFee = Stored<Fee>;
export type StoredConversion = Stored<Conversion>;

export function termsToJson(terms: readonly Fee[] | Conversion): string {
  return JSON.stringify(terms, (_name, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
}

export function feeFromJson(fee: StoredFee): Fee {
  return {
    ...fee,
    ruleVersion: BigInt(fee.ruleVersion),
    baseMinor: BigInt(fee.baseMinor),
    fixedMinor: BigInt(fee.fixedMinor),
    minMinor: bigintOrNull(fee.minMinor),
    maxMinor: bigintOrNull(fee.maxMinor),
    amountMinor: BigInt(fee.amountMinor),
  };
}

export function conversionFromJson(fx: StoredConversion): Conversion {
  return {
    ...fx,
    fromAmountMinor: BigInt(fx.fromAmountMinor),
    toAmountMinor: BigInt(fx.toAmountMinor),
    markupMinor: BigInt(fx.markupMinor),
    roundingMinor: BigInt(fx.roundingMinor),
    ratePublishedAt: BigInt(fx.ratePublishedAt),
  };
}

function bigintOrNull(text: string | null): bigint | null {
  return text === null ? null : BigInt(text);
}
