// Keeps the status consumers coming: a gateway whose broker or registry is away still takes requests, and says it is not ready.
import { setTimeout as wait } from 'node:timers/promises';
import type { Consumer } from '@paystream/messaging';
import type { Logger } from '@paystream/telemetry';
import { consumePaymentProgressed } from './on-payment-progressed.ts';
import type { StatusConsumerOptions } from './on-payment-settled.ts';
import { consumePaymentSettled } from './on-payment-settled.ts';

const RETRY_WAIT_MS = 1_000;

export interface FollowStatusOptions extends StatusConsumerOptions {
  logger: Logger;
  /** Called for what trying again would not change. */
  onFatal(error: unknown): void;
}

export interface StatusFollower {
  healthy(): boolean;
  stop(): Promise<void>;
}

/** Starts in the background; never throws. */
export function followStatus(options: FollowStatusOptions): StatusFollower {
  const { messaging, logger, onFatal } = options;
  const stopping = new AbortController();
  const consumers: Consumer[] = [];
  const starts = [consumePaymentSettled, consumePaymentProgressed];

  const start = async () => {
    while (!stopping.signal.aborted) {
      try {
        await messaging.codec.connect();
        for (const consume of starts.slice(consumers.length)) consumers.push(await consume(options));
        return;
      } catch (error) {
        if (!isRetriable(error)) {
          onFatal(error);
          return;
        }
        logger.warn({ err: error }, 'broker or registry is away; requests are taken, outcomes have to wait');
        await wait(RETRY_WAIT_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  };
  const starting = start();
  return {
    healthy: () => consumers.length === starts.length && consumers.every((consumer) => consumer.healthy()),
    stop: async () => {
      stopping.abort();
      await starting;
      await Promise.all(consumers.map((consumer) => consumer.stop()));
    },
  };
}

/** Errors of the messaging room say so themselves. */
function isRetriable(error: unknown): boolean {
  return !(typeof error === 'object' && error !== null && 'retriable' in error && error.retriable === false);
}
