// Wires the processor: learns all merchants and rates, then decides requests and takes in what providers tell, until it is stopped.
import type { Consumer, IncomingRecord, Messaging } from '@paystream/messaging';
import { createRates } from '@paystream/pricing';
import type { RunningApp } from '@paystream/runtime';
import { startHealthServer, whenAvailable } from '@paystream/runtime';
import type { Logger, Metrics } from '@paystream/telemetry';
import { timestampMicros } from '@paystream/topics';
import { createMerchants } from './merchants.ts';
import { createProcessorMetrics } from './metrics.ts';
import { createOnFxRate, RATE_TOPIC } from './on-fx-rate.ts';
import { createOnMerchantUpdated, MERCHANT_TOPIC } from './on-merchant-updated.ts';
import { createOnPaymentRequested, GROUP_ID, TOPIC } from './on-payment-requested.ts';
import { createOnProviderEvent, PROVIDER_GROUP_ID, PROVIDER_TOPIC } from './on-provider-event.ts';
import type { Screening } from './screening.ts';

const MICROS_PER_SECOND = 1_000_000n;

export interface ProcessorOptions {
  messaging: Messaging;
  metrics: Metrics;
  logger: Logger;
  health: { host: string; port: number };
  /** How old a reference rate of real money may be. */
  rateAgeMaxSeconds: number;
  /** Null: nothing screens. */
  screening: Screening | null;
  /** Aborted when the process is to stop, also while it still starts. */
  signal: AbortSignal;
  /** Shorter in tests only; 30 s by design. */
  merchantWaitMsMax?: number;
}

/**
 * Starts the processor; while brokers or the registry are away it waits for them, alive but not ready.
 * @throws when topics or schemas are missing or wrong; an AbortError when it is stopped before it has started
 */
export async function startProcessor(options: ProcessorOptions): Promise<RunningApp> {
  let consumers: readonly Consumer[] = [];
  let isAssigned = false;
  const isLive = (): boolean => !isAssigned || consumers.every((consumer) => consumer.healthy());
  const isReady = (): boolean =>
    isAssigned && isLive() && consumers.every((consumer) => consumer.stalled().length === 0);
  const health = await startHealthServer({ ...options.health, live: isLive, ready: isReady, metrics: options.metrics });
  consumers = await startConsumers(options);
  void Promise.all(consumers.map((consumer) => consumer.ready)).then(() => (isAssigned = true));
  return {
    ready: isReady,
    info: { health_url: health.url },
    stop: async () => {
      // Requests first: they need the merchants until the last batch is done.
      for (const consumer of consumers) await consumer.stop();
      await health.close();
    },
  };
}

/**
 * Nothing is decided before all of merchant.updated and fx.rate has been read, so that the plan and the rate of a request
 * are those in force when it was made and not the first that happened to arrive.
 */
async function startConsumers(options: ProcessorOptions): Promise<Consumer[]> {
  const { messaging, logger, signal, screening, rateAgeMaxSeconds, merchantWaitMsMax } = options;
  const { codec } = messaging;
  const merchants = createMerchants();
  const rates = createRates();
  const metrics = createProcessorMetrics(options.metrics, { merchants: merchants.count, rates: rates.count });
  const started = <T>(what: string, start: () => Promise<T>): Promise<T> =>
    whenAvailable(start, { what, logger, signal });

  await started('the schemas', () => codec.connect());
  const onFxRate = createOnFxRate({ codec, rates, metrics, logger });
  const onMerchantUpdated = createOnMerchantUpdated({ codec, merchants, metrics, logger });
  const onRecords = (records: IncomingRecord[]): Promise<void> =>
    records[0]?.topic === RATE_TOPIC ? onFxRate(records) : onMerchantUpdated(records);
  const follower = await started('merchants and rates', () =>
    messaging.follow({ topics: [MERCHANT_TOPIC, RATE_TOPIC], from: 'earliest', onRecords }),
  );
  const stopEarly = (): void => void follower.stop(); // and then caughtUp rejects
  signal.addEventListener('abort', stopEarly);
  await follower.caughtUp;
  signal.removeEventListener('abort', stopEarly);
  logger.info({ merchants: merchants.count(), rates: rates.count() }, 'all merchants and rates are known');

  const nowMicros = (): bigint => timestampMicros(new Date());
  const onPaymentRequested = createOnPaymentRequested({
    ...{ codec, merchants, rates, screening, metrics, logger, nowMicros },
    rateAgeMaxMicros: BigInt(rateAgeMaxSeconds) * MICROS_PER_SECOND,
    ...(merchantWaitMsMax === undefined ? {} : { merchantWaitMsMax }),
  });
  const requests = await started(TOPIC, () =>
    messaging.consumeIntoTopics({ groupId: GROUP_ID, topics: [TOPIC], transform: onPaymentRequested }),
  );
  const onProviderEvent = createOnProviderEvent({ codec, metrics, nowMicros });
  const events = await started(PROVIDER_TOPIC, () =>
    messaging.consumeIntoTopics({ groupId: PROVIDER_GROUP_ID, topics: [PROVIDER_TOPIC], transform: onProviderEvent }),
  );
  return [requests, events, follower];
}
