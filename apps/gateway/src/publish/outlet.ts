// Publishes accepted operations in the order they were accepted, all that wait in one send; what fails is left to the relay.
import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from '@paystream/database';
import type { Codec, Publisher } from '@paystream/messaging';
import { faultPoint } from '@paystream/runtime';
import type { Logger } from '@paystream/telemetry';
import type { GatewayMetrics } from '../metrics.ts';
import { deleteUnpublished } from '../store/delete-unpublished.ts';
import type { AcceptedHere } from '../waiting/accepted-here.ts';
import type { RequestedOperation } from './payment-requested.ts';
import { toPaymentRequested } from './payment-requested.ts';

/** Operations kept in memory for the broker; the relay publishes what does not fit. */
const QUEUED_OPERATIONS_MAX = 20_000;
const SEND_OPERATIONS_MAX = 2_000;
/** Far below the age from which a relay takes rows for forgotten. */
const FORGET_WAIT_MS = 1_000;

export type AcceptedOperation = RequestedOperation & { uuid: string };

export interface Outlet {
  push(accepted: readonly AcceptedOperation[]): void;
  /** Resolves when nothing waits any more. */
  drain(): Promise<void>;
}

export interface OutletOptions {
  publisher: Publisher;
  codec: Codec;
  database: Database;
  acceptedHere: AcceptedHere;
  logger: Logger;
  metrics: GatewayMetrics;
}

export function createOutlet(options: OutletOptions): Outlet {
  const { publisher, codec, acceptedHere, logger, metrics } = options;
  const forget = createForgetting(options);
  let queue: AcceptedOperation[] = [];
  let sending: Promise<void> | null = null;

  const send = async () => {
    while (queue.length > 0) {
      const group = queue.slice(0, SEND_OPERATIONS_MAX);
      queue = queue.slice(SEND_OPERATIONS_MAX);
      try {
        await publisher.publish(group.map((operation) => toPaymentRequested(codec, operation)));
        faultPoint('gateway.operations_published');
        metrics.published.inc(group.length);
        forget.add(group.map(({ uuid }) => uuid));
      } catch (error) {
        metrics.publishFailures.inc();
        logger.warn({ err: error, count: group.length }, 'operations could not be published; the relay will try again');
      }
    }
    sending = null;
  };

  return {
    push: (accepted) => {
      acceptedHere.add(accepted.map(({ uuid }) => uuid));
      if (accepted.length === 0 || queue.length >= QUEUED_OPERATIONS_MAX) return;
      queue.push(...accepted);
      sending ??= send();
    },
    drain: async () => {
      await sending;
      await forget.drain();
    },
  };
}

/**
 * Deletes outbox rows behind the sends, those of a stretch of time in one statement: no send waits for one, and the
 * database is spared a transaction per send. A crash in between has them published again, which readers take once.
 */
function createForgetting({ database, logger }: OutletOptions) {
  let waiting: string[] = [];
  let deleting: Promise<void> | null = null;
  let hurry = new AbortController();

  const run = async () => {
    while (waiting.length > 0) {
      await wait(FORGET_WAIT_MS, undefined, { signal: hurry.signal }).catch(() => undefined);
      const uuids = waiting;
      waiting = [];
      await deleteUnpublished(database, uuids).catch((error: unknown) =>
        logger.warn(
          { err: error, count: uuids.length },
          'published operations stay in the outbox and will be repeated',
        ),
      );
    }
    deleting = null;
  };
  return {
    add: (uuids: readonly string[]) => {
      waiting.push(...uuids);
      deleting ??= run();
    },
    drain: async () => {
      hurry.abort();
      await deleting;
      hurry = new AbortController();
    },
  };
}
