// Keeps every reference rate that was ever published, read from the log's start in the background.
import { setTimeout as wait } from 'node:timers/promises';
import { HttpError } from '@paystream/http';
import type { Follower, IncomingRecord, Messaging } from '@paystream/messaging';
import type { Rates } from '@paystream/pricing';
import { createRates } from '@paystream/pricing';
import type { Logger } from '@paystream/telemetry';

const TOPIC = 'fx.rate';
const RETRY_WAIT_MS = 1_000;

export interface RatesFollower {
  /**
   * As `Rates` finds, among what has been read.
   * @throws HttpError `rates_unavailable` until everything that was there at the start has been
   */
  find: Rates['find'];
  stop(): Promise<void>;
}

export interface FollowRatesOptions {
  messaging: Messaging;
  logger: Logger;
  onFatal(error: unknown): void;
}

/** Starts in the background; never throws. What is no rate is passed over: whoever prices by it passes it over too. */
export function followRates({ messaging, logger, onFatal }: FollowRatesOptions): RatesFollower {
  const { codec } = messaging;
  const rates = createRates();
  const stopping = new AbortController();
  let follower: Follower | null = null;
  let isCaughtUp = false;

  const learn = async (records: IncomingRecord[]) => {
    await codec.prepare(TOPIC, records);
    for (const { value, offset } of records) {
      const decoded = codec.decode(TOPIC, value);
      if (!decoded.ok || !rates.learn(decoded.value)) logger.warn({ topic: TOPIC, offset: `${offset}` }, 'no rate');
    }
  };
  const start = async () => {
    while (!stopping.signal.aborted && follower === null) {
      try {
        await codec.connect();
        follower = await messaging.follow({ topics: [TOPIC], from: 'earliest', onRecords: learn });
      } catch (error) {
        if (isFinal(error)) return onFatal(error);
        logger.warn({ err: error }, 'broker or registry is away; rates have to wait');
        await wait(RETRY_WAIT_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
    await follower?.caughtUp.then(
      () => (isCaughtUp = true),
      // Stopped before.
      () => undefined,
    );
  };
  const starting = start();
  return {
    find: (wanted) => {
      if (!isCaughtUp) throw new HttpError('rates_unavailable');
      return rates.find(wanted);
    },
    stop: async () => {
      stopping.abort();
      await follower?.stop();
      await starting;
      await follower?.stop();
    },
  };
}

/** Errors of the messaging room say so themselves. */
function isFinal(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'retriable' in error && error.retriable === false;
}
