// Wires the processor: learns all merchants, then prices requests until it is stopped.
import type { Consumer, Messaging } from '@paystream/messaging';
import type { RunningApp } from '@paystream/runtime';
import { startHealthServer, whenAvailable } from '@paystream/runtime';
import type { Logger, Metrics } from '@paystream/telemetry';
import { timestampMicros } from '@paystream/topics';
import { createMerchants } from './merchants.ts';
import { createProcessorMetrics } from './metrics.ts';
import { createOnMerchantUpdated } from './on-merchant-updated.ts';
import { createOnPaymentRequested, TOPIC } from './on-payment-requested.ts';

export const GROUP_ID = 'processor';

export interface ProcessorOptions {
  messaging: Messaging;
  metrics: Metrics;
  logger: Logger;
  health: { host: string; port: number };
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
  const isReady = (): boolean => isAssigned && isLive();
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
 * Nothing is priced before all of merchant.updated has been read, so that the plan of a request is the one in force when
 * it was made and not the first that happened to arrive.
 */
async function startConsumers(options: ProcessorOptions): Promise<[requests: Consumer, merchants: Consumer]> {
  const { messaging, logger, signal, merchantWaitMsMax } = options;
  const { codec } = messaging;
  const merchants = createMerchants();
  const metrics = createProcessorMetrics(options.metrics, merchants.count);
  const started = <T>(what: string, start: () => Promise<T>): Promise<T> =>
    whenAvailable(start, { what, logger, signal });

  await started('the schemas', () => codec.connect());
  const onMerchantUpdated = createOnMerchantUpdated({ codec, merchants, metrics, logger });
  const follower = await started('merchant.updated', () =>
    messaging.follow({ topics: ['merchant.updated'], from: 'earliest', onRecords: onMerchantUpdated }),
  );
  const stopEarly = (): void => void follower.stop(); // and then caughtUp rejects
  signal.addEventListener('abort', stopEarly);
  await follower.caughtUp;
  signal.removeEventListener('abort', stopEarly);
  logger.info({ merchants: merchants.count() }, 'all merchants are known');
  const transform = createOnPaymentRequested({
    codec,
    merchants,
    metrics,
    nowMicros: () => timestampMicros(new Date()),
    ...(merchantWaitMsMax === undefined ? {} : { merchantWaitMsMax }),
  });
  const consumer = await started(TOPIC, () =>
    messaging.transformInTransactions({ groupId: GROUP_ID, topics: [TOPIC], transform }),
  );
  return [consumer, follower];
}
