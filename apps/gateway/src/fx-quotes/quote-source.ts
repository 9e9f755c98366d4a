// Finds the terms of quotes for the operations that are to honour them.
import type { Database } from '@paystream/database';
import { fromUuid, isEnvironment } from '@paystream/payments';
import type { FxQuote } from '@paystream/topics';
import type { OwnedQuote, QuoteSource } from '../intake/gate.ts';
import { uuidOf } from '../operation-id.ts';
import type { StoredQuote } from '../store/insert-quote.ts';
import { readQuotes } from '../store/read-quotes.ts';

export function createQuoteSource(database: Database): QuoteSource {
  return {
    load: async (quoteIds) => {
      const quotes = await readQuotes(
        database,
        quoteIds.flatMap((id) => uuidOf('fxq', id) ?? []),
      );
      const owned = new Map<string, OwnedQuote>();
      for (const stored of quotes.values()) {
        const { merchantUuid, environment } = stored;
        if (!isEnvironment(environment)) continue;
        const quote = toTerms(stored);
        owned.set(quote.quoteId, { merchantId: fromUuid('mer', merchantUuid), environment, quote });
      }
      return owned;
    },
  };
}

/** As payment.requested carries them, whether or not the time is over: that is judged when it is priced. */
function toTerms(quote: StoredQuote): FxQuote {
  return {
    quoteId: fromUuid('fxq', quote.uuid),
    fromCurrency: quote.fromCurrency,
    toCurrency: quote.toCurrency,
    rate: quote.rate,
    baseRate: quote.baseRate,
    markupBps: quote.markupBps,
    quotedAt: quote.quotedAtMicros,
    expiresAt: quote.expiresAtMicros,
    rateSource: quote.rateSource,
    ratePublishedAt: quote.ratePublishedAtMicros,
  };
}
