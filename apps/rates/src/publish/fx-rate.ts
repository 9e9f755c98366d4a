// Turns a rate into its record on fx.rate: the same record however often it is published.
import type { Codec, OutgoingRecord } from '@paystream/messaging';
import { eventHeaders } from '@paystream/messaging';
import type { FxRate } from '@paystream/topics';
import { nameOf } from '../known-rates.ts';
import { RATES_VERSION } from '../version.ts';

export const TOPIC = 'fx.rate';

export function toFxRateRecord(rate: FxRate, codec: Codec): OutgoingRecord {
  const pair = `${rate.baseCurrency}/${rate.quoteCurrency}`;
  const name = nameOf(rate);
  const headers = eventHeaders({
    id: name,
    type: TOPIC,
    source: 'rates',
    timeMicros: rate.publishedAt,
    subject: pair,
    merchantId: null,
    environment: rate.environment,
    correlationId: name,
    causationId: null,
    producerVersion: RATES_VERSION,
  });
  return { topic: TOPIC, partition: null, key: Buffer.from(pair), value: codec.encode(TOPIC, rate), headers };
}
