// Takes in merchant.updated, from its first record on, so that every version of every merchant is at hand.
import type { Codec, IncomingRecord } from '@paystream/messaging';
import type { Logger } from '@paystream/telemetry';
import type { Merchants } from './merchants.ts';
import type { ProcessorMetrics } from './metrics.ts';

export const MERCHANT_TOPIC = 'merchant.updated';

export interface OnMerchantUpdatedOptions {
  codec: Codec;
  merchants: Merchants;
  metrics: ProcessorMetrics;
  logger: Logger;
}

/**
 * Learns from records of merchant.updated. One that cannot be decoded is passed over and said so: each instance reads the
 * whole topic at each start, so a dead letter would be written again every time; and what needs the lost version becomes
 * a dead letter itself.
 */
export function createOnMerchantUpdated({ codec, merchants, metrics, logger }: OnMerchantUpdatedOptions) {
  return async function onMerchantUpdated(records: readonly IncomingRecord[]): Promise<void> {
    await codec.prepare(MERCHANT_TOPIC, records);
    for (const { value, partition, offset } of records) {
      const decoded = codec.decode(MERCHANT_TOPIC, value);
      if (decoded.ok) {
        merchants.learn(decoded.value);
        continue;
      }
      metrics.merchantUpdatesUnreadable.inc();
      logger.error(
        { topic: MERCHANT_TOPIC, partition, offset, reason: decoded.reason },
        'a merchant update cannot be read',
      );
    }
  };
}
