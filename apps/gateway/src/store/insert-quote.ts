// Stores a rate as it was promised.
import type { Queryable } from '@paystream/database';

export interface StoredQuote {
  uuid: string;
  merchantUuid: string;
  environment: string;
  fromCurrency: string;
  toCurrency: string;
  /** For display. */
  rate: string;
  baseRate: string;
  markupBps: number;
  rateSource: string;
  ratePublishedAtMicros: bigint;
  lock: string;
  quotedAtMicros: bigint;
  expiresAtMicros: bigint;
}

export async function insertQuote(database: Queryable, quote: StoredQuote): Promise<void> {
  await database.execute({
    name: 'insert-quote',
    text: `INSERT INTO fx_quotes (id, merchant_id, environment, from_currency, to_currency, rate, base_rate, markup_bps,
                                  rate_source, rate_published_at, lock_name, quoted_at, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, to_timestamp(0) + $10::bigint * interval '1 microsecond', $11,
                   to_timestamp(0) + $12::bigint * interval '1 microsecond',
                   to_timestamp(0) + $13::bigint * interval '1 microsecond')`,
    values: [
      quote.uuid,
      quote.merchantUuid,
      quote.environment,
      quote.fromCurrency,
      quote.toCurrency,
      quote.rate,
      quote.baseRate,
      quote.markupBps,
      quote.rateSource,
      quote.ratePublishedAtMicros,
      quote.lock,
      quote.quotedAtMicros,
      quote.expiresAtMicros,
    ],
  });
}
