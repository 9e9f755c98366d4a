// Stores rate quotes, and reads them by id, whoever's they are.
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

interface Row {
  id: string;
  merchant_id: string;
  environment: string;
  from_currency: string;
  to_currency: string;
  rate: string;
  base_rate: string;
  markup_bps: number;
  rate_source: string;
  rate_published_at_micros: bigint;
  lock_name: string;
  quoted_at_micros: bigint;
  expires_at_micros: bigint;
}

/** Those that exist, by uuid. */
export async function readQuotes(database: Queryable, uuids: readonly string[]): Promise<Map<string, StoredQuote>> {
  const rows = await database.query<Row>({
    name: 'read-quotes',
    text: `SELECT id, merchant_id, environment, from_currency, to_currency, rate, base_rate, markup_bps, rate_source, lock_name,
                  (extract(epoch FROM rate_published_at) * 1000000)::bigint AS rate_published_at_micros,
                  (extract(epoch FROM quoted_at) * 1000000)::bigint AS quoted_at_micros,
                  (extract(epoch FROM expires_at) * 1000000)::bigint AS expires_at_micros
             FROM fx_quotes WHERE id = ANY ($1::uuid[])`,
    values: [uuids],
  });
  return new Map(rows.map((row) => [row.id, toStoredQuote(row)]));
}

function toStoredQuote(row: Row): StoredQuote {
  return {
    uuid: row.id,
    merchantUuid: row.merchant_id,
    environment: row.environment,
    fromCurrency: row.from_currency,
    toCurrency: row.to_currency,
    rate: row.rate,
    baseRate: row.base_rate,
    markupBps: row.markup_bps,
    rateSource: row.rate_source,
    ratePublishedAtMicros: row.rate_published_at_micros,
    lock: row.lock_name,
    quotedAtMicros: row.quoted_at_micros,
    expiresAtMicros: row.expires_at_micros,
  };
}
