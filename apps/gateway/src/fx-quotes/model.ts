// Says what a rate quote looks like on HTTP.
import { CLOSED } from '@paystream/http';
import { divide, multiply, parseRate, ratio, toDecimal } from '@paystream/money';
import { fromUuid } from '@paystream/payments';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { isoMicros } from '../iso-micros.ts';
import type { StoredQuote } from '../store/insert-quote.ts';
import { words } from '../words.ts';

const CURRENCY = Type.String({ maxLength: 16, description: 'ISO 4217, upper case' });

const MICROS_PER_SECOND = 1_000_000n;

/** How long a quote is kept to. */
export const LOCKS = {
  five_minutes: 300n * MICROS_PER_SECOND,
  hour: 3_600n * MICROS_PER_SECOND,
  day: 86_400n * MICROS_PER_SECOND,
} as const;

const LOCK_SCHEMA = words('five_minutes', 'hour', 'day');

export const QuoteBody = Type.Object(
  { from_currency: CURRENCY, to_currency: CURRENCY, lock: Type.Optional(LOCK_SCHEMA) },
  CLOSED,
);
export type QuoteBody = Static<typeof QuoteBody>;

export const QuoteObject = Type.Object(
  {
    id: Type.String(),
    object: Type.Literal('fx_quote'),
    from_currency: Type.String(),
    to_currency: Type.String(),
    rate: Type.String({ description: 'For display: base_rate less the fee; money is computed from both separately' }),
    base_rate: Type.String({ description: 'to_currency per one from_currency' }),
    fee_rate: Type.String({ description: 'Markup as a share, 0.02 for 2 %' }),
    reference_rate: Type.String(),
    reference_provider: Type.String(),
    reference_rate_at: Type.String({ format: 'date-time' }),
    lock: LOCK_SCHEMA,
    quoted_at: Type.String({ format: 'date-time' }),
    expires_at: Type.String({ format: 'date-time' }),
  },
  CLOSED,
);

const DISPLAYED_DIGITS = 6;
const FEE_DIGITS = 4;
const BPS_PER_WHOLE = 10_000n;

/** `1.12415` with a markup of 200 basis points: `1.10167`. */
export function displayedRate(baseRate: string, markupBps: number): string {
  const rate = parseRate(baseRate);
  if (rate === undefined) throw new RangeError(`${baseRate} is not a rate`);
  const kept = BPS_PER_WHOLE - BigInt(markupBps);
  return kept === 0n ? '0' : toDecimal(multiply(rate, ratio(kept, BPS_PER_WHOLE)), DISPLAYED_DIGITS);
}

/** `200` basis points: `0.02`. */
export function feeRate(markupBps: number): string {
  return markupBps === 0 ? '0' : toDecimal(divide(ratio(BigInt(markupBps), 1n), ratio(BPS_PER_WHOLE, 1n)), FEE_DIGITS);
}

export function showQuote(quote: StoredQuote): object {
  return {
    id: fromUuid('fxq', quote.uuid),
    object: 'fx_quote',
    from_currency: quote.fromCurrency,
    to_currency: quote.toCurrency,
    rate: quote.rate,
    base_rate: quote.baseRate,
    fee_rate: feeRate(quote.markupBps),
    reference_rate: quote.baseRate,
    reference_provider: quote.rateSource,
    reference_rate_at: isoMicros(quote.ratePublishedAtMicros),
    lock: quote.lock,
    quoted_at: isoMicros(quote.quotedAtMicros),
    expires_at: isoMicros(quote.expiresAtMicros),
  };
}
