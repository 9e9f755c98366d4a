// Wires the rate feed: learns what is published, then looks at the source again and again until it is stopped.
import { setTimeout as wait } from 'node:timers/promises';
import type { Messaging, Publisher } from '@paystream/messaging';
import type { RunningApp } from '@paystream/runtime';
import { startHealthServer, whenAvailable } from '@paystream/runtime';
import type { Logger, Metrics } from '@paystream/telemetry';
import { createKnownRates } from './known-rates.ts';
import type { KnownRates } from './known-rates.ts';
import { look } from './look.ts';
import { createRatesMetrics } from './metrics.ts';
import { createOnFxRate } from './on-fx-rate.ts';
import { TOPIC } from './publish/fx-rate.ts';
import type { Source } from './source.ts';

export interface RatesOptions {
  messaging: Messaging;
  source: Source;
  /** test, live or both. */
  environments: readonly string[];
  intervalMs: number;
  metrics: Metrics;
  logger: Logger;
  health: { host: string; port: number };
  /** Aborted when the process is to stop, also while it still starts. */
  signal: AbortSignal;
}

/** After a look that failed the next comes sooner, unless looks are more frequent anyway. */
const RETRY_MS = 60_000;
const MICROS_PER_MS = 1_000n;
const MS_PER_SECOND = 1_000;

/**
 * Starts the feed; while brokers or the registry are away it waits for them, alive but not ready.
 * @throws when the topic or its schema is missing; an AbortError when it is stopped before it has started
 */
export async function startRates(options: RatesOptions): Promise<RunningApp> {
  const { messaging, logger } = options;
  const known = createKnownRates();
  const metrics = createRatesMetrics(options.metrics, () => ageSecondsOf(known));
  const stopping = new AbortController();
  let hasLooked = false;
  let isFollowing = (): boolean => true;
  const isReady = (): boolean => hasLooked && isFollowing();
  const health = await startHealthServer({
    ...options.health,
    live: () => isFollowing(),
    ready: isReady,
    metrics: options.metrics,
  });
  const follower = await follow(options, known);
  isFollowing = follower.healthy;
  const publisher: Publisher = messaging.createPublisher();
  const { codec } = messaging;
  const { source, environments, intervalMs } = options;

  const looking = (async () => {
    while (!stopping.signal.aborted) {
      const result = await look({ source, environments, known, publisher, codec, metrics, logger }, stopping.signal);
      hasLooked = true;
      const restMs = result === 'failed' ? Math.min(RETRY_MS, intervalMs) : intervalMs;
      await wait(restMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  const stop = async (): Promise<void> => {
    stopping.abort();
    await looking;
    await publisher.close();
    await follower.stop();
    await health.close();
  };
  return { ready: isReady, info: { health_url: health.url }, stop };
}

/** All of the topic is known before the first look, so that nothing is published a second time. */
async function follow({ messaging, logger, signal }: RatesOptions, known: KnownRates) {
  const { codec } = messaging;
  await whenAvailable(() => codec.connect(), { what: 'the schemas', logger, signal });
  const onRecords = createOnFxRate({ codec, known, logger });
  const follower = await whenAvailable(() => messaging.follow({ topics: [TOPIC], from: 'earliest', onRecords }), {
    what: TOPIC,
    logger,
    signal,
  });
  const stopEarly = (): void => void follower.stop(); // and then caughtUp rejects
  signal.addEventListener('abort', stopEarly);
  await follower.caughtUp;
  signal.removeEventListener('abort', stopEarly);
  logger.info({ rates: known.count() }, 'all published rates are known');
  return follower;
}

/** None at all is older than any bound that somebody watches. */
function ageSecondsOf(known: KnownRates): number {
  const newest = known.newest();
  return newest === null ? Infinity : (Date.now() - Number(newest / MICROS_PER_MS)) / MS_PER_SECOND;
}
