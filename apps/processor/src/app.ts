// Wires the processor: learns all merchants, then prices requests until it is stopped.
import type { Consumer, Messaging } from '@paystream/messaging';
import type { RunningApp } from '@paystream/runtime';
import { startHealthServer } from '@paystream/runtime';
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
  /** Shorter in tests only; 30 s by design. */
  merchantWaitMsMax?: number;
}

/**
 * Starts the processor. Nothing is priced before all of merchant.updated has been read, so that the plan of a request is
 * the one in force when it was made and not the first that happened to arrive.
 * @throws when no broker or registry answers, or topics and schemas are missing
 */
export async function startProcessor(options: ProcessorOptions): Promise<RunningApp> {
  const { messaging, logger } = options;
  const { codec } = messaging;
  const merchants = createMerchants();
  const metrics = createProcessorMetrics(options.metrics, merchants.count);
  await codec.connect();
  const follower = await messaging.follow({
    topics: ['merchant.updated'],
    from: 'earliest',
    onRecords: createOnMerchantUpdated({ codec, merchants, metrics, logger }),
  });
  await follower.caughtUp;
  logger.info({ merchants: merchants.count() }, 'all merchants are known');
  const { merchantWaitMsMax } = options;
  const consumer = await messaging.transformInTransactions({
    groupId: GROUP_ID,
    topics: [TOPIC],
    transform: createOnPaymentRequested({
      codec,
      merchants,
      metrics,
      nowMicros: () => timestampMicros(new Date()),
      ...(merchantWaitMsMax === undefined ? {} : { merchantWaitMsMax }),
    }),
  });
  return await serveHealth([consumer, follower], options);
}

async function serveHealth(consumers: readonly Consumer[], options: ProcessorOptions): Promise<RunningApp> {
  let isAssigned = false;
  void Promise.all(consumers.map((consumer) => consumer.ready)).then(() => (isAssigned = true));
  const isLive = (): boolean => !isAssigned || consumers.every((consumer) => consumer.healthy());
  const isReady = (): boolean => isAssigned && isLive();
  const health = await startHealthServer({ ...options.health, live: isLive, ready: isReady, metrics: options.metrics });
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
