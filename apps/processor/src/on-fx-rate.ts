// Takes in fx.rate, from its first record on, so that every rate that was in force at some time is at hand.
import type { Codec, IncomingRecord } from '@paystream/messaging';
import type { Rates } from '@paystream/pricing';
import type { Logger } from '@paystream/telemetry';
import type { ProcessorMetrics } from './metrics.ts';

export const RATE_TOPIC = 'fx.rate';

export interface OnFxRateOptions {
  codec: Codec;
  rates: Rates;
  metrics: ProcessorMetrics;
  logger: Logger;
}

/**
 * Learns from records of fx.rate. One that cannot be decoded, or is no rate, is passed over and said so: each instance
 * reads the whole topic at each start, so a dead letter would be written again every time.
 */
export function createOnFxRate({ codec, rates, metrics, logger }: OnFxRateOptions) {
  return async function onFxRate(records: readonly IncomingRecord[]): Promise<void> {
    await codec.prepare(RATE_TOPIC, records);
    for (const { value, partition, offset } of records) {
      const decoded = codec.decode(RATE_TOPIC, value);
      if (decoded.ok && rates.learn(decoded.value)) continue;
      metrics.ratesUnreadable.inc();
      const reason = decoded.ok ? 'no rate between two currencies' : decoded.reason;
      logger.error({ topic: RATE_TOPIC, partition, offset, reason }, 'a rate cannot be read');
    }
  };
}
