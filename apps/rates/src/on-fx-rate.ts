// Takes in fx.rate, from its first record on, to know what has been published, by whomever.
import type { Codec, IncomingRecord } from '@paystream/messaging';
import type { Logger } from '@paystream/telemetry';
import type { KnownRates } from './known-rates.ts';
import { TOPIC } from './publish/fx-rate.ts';

export interface OnFxRateOptions {
  codec: Codec;
  known: KnownRates;
  logger: Logger;
}

/** Learns from records of fx.rate; one that cannot be decoded is nobody's rate, and is said so. */
export function createOnFxRate({ codec, known, logger }: OnFxRateOptions) {
  return async function onFxRate(records: readonly IncomingRecord[]): Promise<void> {
    await codec.prepare(TOPIC, records);
    for (const { value, partition, offset } of records) {
      const decoded = codec.decode(TOPIC, value);
      if (decoded.ok) known.learn(decoded.value);
      else logger.error({ topic: TOPIC, partition, offset, reason: decoded.reason }, 'a rate cannot be read');
    }
  };
}
