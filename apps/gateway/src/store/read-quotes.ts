// Reads rate quotes by id, whoever's they are.
import type { Queryable } from '@paystream/database';
import type { StoredQuote } from './insert-quote.ts';

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
