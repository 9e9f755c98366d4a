// Decides at which rate and with what markup a request is converted, and what that takes or gives.
import { isWithinBounds } from '@paystream/money';
import type { Failure } from '@paystream/payments';
import { failureOf } from '@paystream/payments';
import type { CompiledPlan } from './compile-plan.ts';
import { giveFor, takeFor } from './conversion.ts';
import { isSoundMarkup } from './fee-plan.ts';
import type { PricedRequest } from './price-operation.ts';
import { misconfiguredBy, rulesThatApply } from './price-operation.ts';
import type { Rates } from './rates.ts';

/** A conversion with everything it was computed from, field for field as payment.processed carries it. */
export interface FxConversion {
  fromCurrency: string;
  toCurrency: string;
  /** What the payer gives, markup included. */
  fromAmountMinor: bigint;
  /** What arrives. */
  toAmountMinor: bigint;
  baseRate: string;
  markupBps: number;
  /** In fromCurrency. */
  markupMinor: bigint;
  roundingMinor: bigint;
  roundingCurrency: string;
  rateSource: string;
  ratePublishedAt: bigint;
  /** Null when a reference rate was used. */
  quoteId: string | null;
}

/** A quote's promise, as the operation carries it; its pair is the request's. */
export interface QuoteTerms {
  quoteId: string;
  baseRate: string;
  markupBps: number;
  quotedAt: bigint;
  /** Microseconds since the epoch; from then on it is expired. */
  expiresAt: bigint;
  rateSource: string | null;
  ratePublishedAt: bigint | null;
}

export interface ConvertedRequest extends PricedRequest {
  environment: string;
  requestedAt: bigint;
  /** Currency of the wallet, another than the operation's. */
  sourceCurrency: string;
  quote: QuoteTerms | null;
}

export interface RateView {
  rates: Pick<Rates, 'find'>;
  /** Null: any age. */
  rateAgeMaxMicros: bigint | null;
}

export type PricedConversion = { ok: true; fx: FxConversion } | { ok: false; failure: Failure };

export type Markup = { ok: true; markupBps: number } | { ok: false; failure: Failure };

/** A rate with where it is from. */
type Rate = Pick<FxConversion, 'baseRate' | 'rateSource' | 'ratePublishedAt'>;

type ChosenRate = { ok: true; rate: Rate } | { ok: false; failure: Failure };

/**
 * What is taken from a wallet in sourceCurrency so that `towardMinor` of the operation's currency arrives: by the quote on
 * the request, or by the reference rate and the markup of the merchant's plan.
 */
export function priceTaking(
  request: ConvertedRequest,
  towardMinor: bigint,
  { plan, ...view }: RateView & { plan: CompiledPlan },
): PricedConversion {
  const { sourceCurrency: fromCurrency, currency: toCurrency, quote } = request;
  const chosen =
    quote === null ? referenceRate(request, { fromCurrency, toCurrency }, view) : quotedRate(request, quote);
  if (!chosen.ok) return chosen;
  const markup: Markup = quote === null ? markupOf(request, plan) : { ok: true, markupBps: quote.markupBps };
  if (!markup.ok) return markup;
  const terms = { fromCurrency, toCurrency, baseRate: chosen.rate.baseRate, markupBps: markup.markupBps };
  const { collectedMinor, roundingMinor, markupMinor } = takeFor(terms, towardMinor);
  const fromAmountMinor = collectedMinor + markupMinor;
  return withinBounds(fromAmountMinor, {
    ...terms,
    ...chosen.rate,
    fromAmountMinor,
    toAmountMinor: towardMinor,
    markupMinor,
    roundingMinor,
    roundingCurrency: fromCurrency,
    quoteId: quote?.quoteId ?? null,
  });
}

/** What `amountMinor` of the operation's currency gives in sourceCurrency, at the reference rate and without markup. */
export function priceGiving(request: ConvertedRequest, view: RateView): PricedConversion {
  const { currency: fromCurrency, sourceCurrency: toCurrency, amountMinor } = request;
  const chosen = referenceRate(request, { fromCurrency, toCurrency }, view);
  if (!chosen.ok) return chosen;
  const terms = { fromCurrency, toCurrency, baseRate: chosen.rate.baseRate, markupBps: 0 };
  const { paidMinor, roundingMinor } = giveFor(terms, amountMinor);
  return withinBounds(paidMinor, {
    ...terms,
    ...chosen.rate,
    fromAmountMinor: amountMinor,
    toAmountMinor: paidMinor,
    markupMinor: 0n,
    roundingMinor,
    roundingCurrency: toCurrency,
    quoteId: null,
  });
}

/** The markup of a conversion: the percentage of the plan's first `fx_markup` rule for the operation; 0 without one. */
export function markupOf(request: PricedRequest, plan: CompiledPlan): Markup {
  const [rule] = rulesThatApply(plan.markupsFor(request), request.amountMinor);
  if (rule === undefined) return { ok: true, markupBps: 0 };
  return isSoundMarkup(rule) ? { ok: true, markupBps: rule.percentBps } : { ok: false, failure: misconfiguredBy(rule) };
}

function quotedRate({ requestedAt }: ConvertedRequest, quote: QuoteTerms): ChosenRate {
  if (requestedAt >= quote.expiresAt) return { ok: false, failure: failureOf('fx_quote_expired') };
  const { baseRate, rateSource, ratePublishedAt, quotedAt } = quote;
  return {
    ok: true,
    rate: { baseRate, rateSource: rateSource ?? 'quote', ratePublishedAt: ratePublishedAt ?? quotedAt },
  };
}

function referenceRate(
  { environment, requestedAt: at }: ConvertedRequest,
  pair: { fromCurrency: string; toCurrency: string },
  { rates, rateAgeMaxMicros: ageMaxMicros }: RateView,
): ChosenRate {
  const found = rates.find({ environment, ...pair, at, ageMaxMicros });
  if (found === 'unknown') return { ok: false, failure: failureOf('currency_not_supported') };
  if (found === 'stale') return { ok: false, failure: failureOf('fx_rate_stale') };
  const { baseRate, source: rateSource, publishedAt: ratePublishedAt } = found;
  return { ok: true, rate: { baseRate, rateSource, ratePublishedAt } };
}

/** An amount that is small in one currency may be beyond every account in another. */
function withinBounds(convertedMinor: bigint, fx: FxConversion): PricedConversion {
  return isWithinBounds(convertedMinor) ? { ok: true, fx } : { ok: false, failure: failureOf('amount_invalid') };
}
