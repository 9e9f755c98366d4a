// Checks the wallet's currency and the quote of a request.
import { isCurrency } from '@paystream/money';
import { isCode, isId, isTime } from '@paystream/payments';
import { isSoundConversion } from '@paystream/pricing';
import type { FxQuote, PaymentRequested } from '@paystream/topics';
import type { Problem } from './illegal-reason.ts';
import type { OperationShape } from './requested-operations.ts';

export function problemWithConversion(
  { sourceCurrency, quote, currency }: PaymentRequested,
  { conversion }: OperationShape,
): Problem {
  if (conversion === 'none') return sourceCurrency === null && quote === null ? null : 'unexpected_terms';
  if (sourceCurrency !== null && !isCurrency(sourceCurrency)) return 'unknown_currency';
  if (quote === null) return null;
  if (conversion !== 'quoted') return 'unexpected_terms';
  const isOfPair = quote.fromCurrency === sourceCurrency && quote.toCurrency === currency;
  return isOfPair && isQuote(quote) ? null : 'invalid_conversion';
}

function isQuote(quote: FxQuote): boolean {
  const { quoteId, quotedAt, expiresAt, rateSource, ratePublishedAt } = quote;
  const isSourced =
    (rateSource === null || isCode(rateSource)) && (ratePublishedAt === null || isTime(ratePublishedAt));
  return isId('fxq', quoteId) && isTime(quotedAt) && isTime(expiresAt) && isSourced && isSoundConversion(quote);
}
