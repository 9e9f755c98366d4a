// Looks at the source once: what it has and the topic has not is published, the oldest first.
import type { Codec, Publisher } from '@paystream/messaging';
import { faultPoint } from '@paystream/runtime';
import type { Logger } from '@paystream/telemetry';
import type { FxRate } from '@paystream/topics';
import type { KnownRates } from './known-rates.ts';
import type { LookResult, RatesMetrics } from './metrics.ts';
import { parseRates } from './parse-rates.ts';
import { toFxRateRecord } from './publish/fx-rate.ts';
import type { Source } from './source.ts';

const PUBLISHED_TOGETHER_MAX = 2_000;

export interface LookOptions {
  source: Source;
  environments: readonly string[];
  known: KnownRates;
  publisher: Publisher;
  codec: Codec;
  metrics: RatesMetrics;
  logger: Logger;
}

/** One look. A source that is away or holds nonsense is said so, and what has been published stays in force. */
export async function look(options: LookOptions, signal: AbortSignal): Promise<LookResult> {
  const { metrics, logger } = options;
  const result = await tryLook(options, signal).catch((error: unknown): LookResult => {
    if (!signal.aborted)
      logger.error({ err: error }, 'the source of rates is of no use; the rates that are published stay');
    return 'failed';
  });
  metrics.looks.inc({ result });
  return result;
}

async function tryLook(options: LookOptions, signal: AbortSignal): Promise<LookResult> {
  const { source, environments, known, publisher, codec, metrics, logger } = options;
  const fetched = await source.fetch(signal);
  if (fetched === null) return 'nothing_new';
  const fresh = parseRates(fetched.text)
    .flatMap((rate) => environments.map((environment): FxRate => ({ environment, ...rate })))
    .filter((rate) => !known.has(rate));
  for (let at = 0; at < fresh.length; at += PUBLISHED_TOGETHER_MAX) {
    signal.throwIfAborted();
    const together = fresh.slice(at, at + PUBLISHED_TOGETHER_MAX);
    await publisher.publish(together.map((rate) => toFxRateRecord(rate, codec)));
    faultPoint('rates.after_publish');
    for (const rate of together) {
      known.learn(rate);
      metrics.published.inc({ environment: rate.environment });
    }
  }
  fetched.used();
  if (fresh.length > 0) logger.info({ rates: fresh.length, newest: fresh.at(-1)?.rateDate }, 'rates are published');
  return fresh.length > 0 ? 'published' : 'nothing_new';
}
