// Compares the terms that the books keep as JSON, fee lines and conversion, with those that the first operation was priced by.

import type { FeeLine } from './fee-line.ts';
import type { Conversion } from './inputs.ts';
import type { Terms } from './payments.ts';
import type { PaymentRow } from './rows.ts';
import { baseOf } from './rules/fees.ts';

const FEE_FIELDS = [
  ...(['ruleId', 'ruleVersion', 'kind', 'bearer', 'baseMinor', 'percentBps', 'fixedMinor', 'minMinor'] as const),
  ...(['maxMinor', 'refundPolicy', 'tier', 'amountMinor', 'currency'] as const),
] satisfies readonly (keyof FeeLine)[];

const CONVERSION_FIELDS = [
  ...(['fromCurrency', 'toCurrency', 'fromAmountMinor', 'toAmountMinor', 'baseRate', 'markupBps'] as const),
  ...(['markupMinor', 'roundingMinor', 'roundingCurrency', 'rateSource', 'ratePublishedAt', 'quoteId'] as const),
] satisfies readonly (keyof Conversion)[];

/** Fees and conversion, as they should be and as the row has them. */
export function storedTerms(
  { rules, feesMinor, amountMinor, conversion }: Terms,
  row: Pick<PaymentRow, 'fees' | 'fx'>,
): [field: string, expected: unknown, found: unknown][] {
  const fees = rules.map((rule, index) => ({
    ...rule,
    amountMinor: feesMinor[index],
    baseMinor: baseOf(rule, amountMinor),
  }));
  const stored = parse(row.fees);
  return [
    ['fees', sayAll(fees, FEE_FIELDS), Array.isArray(stored) ? sayAll(stored, FEE_FIELDS) : row.fees],
    ['fx', say(conversion, CONVERSION_FIELDS), say(parse(row.fx ?? 'null'), CONVERSION_FIELDS)],
  ];
}

function sayAll(lines: readonly unknown[], fields: readonly string[]): string {
  return lines.map((line) => say(line, fields)).join(', ') || 'none';
}

/** The fields as the books write them: bigints as text. */
function say(value: unknown, fields: readonly string[]): string {
  if (typeof value !== 'object' || value === null) return value === null ? 'none' : JSON.stringify(value);
  const said = fields.map((field) => [field, Reflect.get(value, field) as unknown] as const);
  return JSON.stringify(Object.fromEntries(said), (_name, each: unknown) =>
    typeof each === 'bigint' ? String(each) : each,
  );
}

/** What cannot be read is said as it is. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
