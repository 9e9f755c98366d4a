// Follows the dead letters of processor and accounts: an accepted operation among them is parked, and that is shown, told and logged.
import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from '@paystream/database';
import type { Follower, IncomingRecord, Messaging, Publisher } from '@paystream/messaging';
import { deadLetterTopic } from '@paystream/messaging';
import { isAnyId, toUuid } from '@paystream/payments';
import type { Logger } from '@paystream/telemetry';
import type { GatewayMetrics } from '../metrics.ts';
import { toPaymentParked } from '../publish/payment-parked.ts';
import type { ParkedOperation, Parking } from '../store/park-operations.ts';
import { parkOperations } from '../store/park-operations.ts';
import type { Waiters } from '../waiting/waiters.ts';

const TOPICS = [deadLetterTopic('payment.requested', 'processor'), deadLetterTopic('payment.processed', 'accounts')];
const RETRY_WAIT_MS = 1_000;

export interface FollowDeadLettersOptions {
  messaging: Messaging;
  database: Database;
  publisher: Publisher;
  waiters: Waiters;
  metrics: GatewayMetrics;
  logger: Logger;
  onFatal(error: unknown): void;
}

export interface DeadLettersFollower {
  stop(): Promise<void>;
}

/**
 * Starts in the background; never throws. Every gateway reads all there are at each start, for they are few: what is
 * known to be parked is passed over.
 */
export function followDeadLetters(options: FollowDeadLettersOptions): DeadLettersFollower {
  const { messaging, logger, onFatal } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  let follower: Follower | null = null;
  const rest = () => wait(RETRY_WAIT_MS, undefined, { signal }).catch(() => undefined);

  const onRecords = async (records: IncomingRecord[]): Promise<void> => {
    const parkings = new Map(records.flatMap(parkingOf).map((parking) => [parking.operationUuid, parking]));
    while (!signal.aborted) {
      try {
        return await park([...parkings.values()], options);
      } catch (error) {
        logger.warn({ err: error }, 'parked operations cannot be kept yet');
        await rest();
      }
    }
  };
  const start = async (): Promise<void> => {
    while (!signal.aborted && follower === null) {
      try {
        await messaging.codec.connect();
        follower = await messaging.follow({ topics: TOPICS, from: 'earliest', onRecords });
      } catch (error) {
        if (isFinal(error)) return onFatal(error);
        logger.warn({ err: error }, 'broker or registry is away; what is parked is shown later');
        await rest();
      }
    }
  };
  const starting = start();
  return {
    stop: async () => {
      stopping.abort();
      await starting;
      await follower?.stop();
    },
  };
}

/** What a dead letter is about: its headers are its record's own, which say so also where the bytes cannot be read. */
function parkingOf({ topic, headers }: IncomingRecord): Parking[] {
  const operationId = headers['ce_subject']?.toString() ?? '';
  const reason = headers['dlq_reason']?.toString() ?? '';
  return isAnyId(operationId) ? [{ operationUuid: toUuid(operationId), deadLetterTopic: topic, reason }] : [];
}

/** Told before the commit: a crash in between tells it twice, and loses it never. */
async function park(parkings: readonly Parking[], options: FollowDeadLettersOptions): Promise<void> {
  const { database, messaging, publisher, waiters } = options;
  const parked = await database.transaction(async (transaction) => {
    const fresh = await parkOperations(transaction, parkings);
    if (fresh.length > 0) await publisher.publish(fresh.map((each) => toPaymentParked(messaging.codec, each)));
    return fresh;
  });
  for (const each of parked) sayParked(each, options);
  waiters.told(parked.map(({ operationUuid }) => operationUuid));
}

function sayParked(parked: ParkedOperation, { logger, metrics }: FollowDeadLettersOptions): void {
  const { id, operation, paymentId, deadLetterTopic: topic, reason } = parked;
  metrics.parked.inc({ operation });
  logger.error({ operationId: id, operation, paymentId, topic, reason }, 'an accepted operation is parked');
}

/** Errors of the messaging room say so themselves. */
function isFinal(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'retriable' in error && error.retriable === false;
}
