// Sends records outside transactions: one send at a time, and a new producer after any that failed.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Producer } from 'kafkajs';
import type { Addressing } from './partition-counts.ts';
import type { ClientSettings } from './client.ts';
import { CLUSTER_RETRY, createClient } from './client.ts';
import { withDeadline } from './deadline.ts';
import { MessagingError, PublisherBusyError, toMessagingError } from './errors.ts';
import type { Names } from './names.ts';
import type { AddressedRecord } from './send.ts';
import { sendChecked, splitBySize } from './send.ts';
import type { OutgoingRecord, Placed } from './types.ts';

/** Records waiting behind the one send under way; beyond, publish refuses. */
const WAITING_RECORDS_MAX = 50_000;
/** Requests that wait are sent together, up to this many records. */
const TOGETHER_RECORDS_MAX = 4_000;

export interface Publisher {
  /**
   * Resolves with each record's place, in their order, when all are acknowledged by all in-sync replicas. When it rejects
   * some may be written all the same: whoever publishes again writes them twice, so readers take the first.
   * @throws PublisherBusyError before anything is taken; MessagingError otherwise
   */
  publish(records: readonly OutgoingRecord[]): Promise<Placed[]>;
  /** Resolves when what waits has been sent and the connection is closed. */
  close(): Promise<void>;
}

interface Waiting {
  records: readonly OutgoingRecord[];
  resolve(placed: Placed[]): void;
  reject(error: Error): void;
}

interface Connected {
  producer: Producer;
  /** Rejects when the brokers cannot be reached. */
  ready: Promise<void>;
  kill(): void;
}

export interface PublisherOptions {
  settings: ClientSettings;
  addressing: Addressing;
  names: Names;
}

/** Concurrent sends on one idempotent producer lose acknowledged records (docs/kafkajs.md, rule 1), hence the queue. */
export function createPublisher({ settings, addressing, names }: PublisherOptions): Publisher {
  let waiting: Waiting[] = [];
  let waitingRecords = 0;
  let working: Promise<void> | null = null;
  let connected: Connected | null = null;
  let closed = false;

  const work = async () => {
    // What is published in this turn, by the handlers of a fetch's partitions say, goes together too.
    await nextTurn();
    while (waiting.length > 0) {
      const together = takeTogether();
      try {
        const placed = await send(together.flatMap(({ records }) => records));
        let at = 0;
        for (const { records, resolve } of together) resolve(placed.slice(at, (at += records.length)));
      } catch (error) {
        // Sequence numbers of a failed send are rolled back and would make the broker drop what comes next (rule 2).
        connected?.kill();
        connected = null;
        for (const { reject } of together) reject(toMessagingError(error, 'publishing'));
      }
    }
    working = null;
  };
  const takeTogether = (): Waiting[] => {
    let count = 0;
    let records = 0;
    for (const { records: more } of waiting) {
      if (count > 0 && records + more.length > TOGETHER_RECORDS_MAX) break;
      records += more.length;
      count++;
    }
    waitingRecords -= records;
    const together = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return together;
  };
  const send = async (records: readonly OutgoingRecord[]): Promise<Placed[]> => {
    const placed: Placed[] = [];
    for (const part of splitBySize(await addressing.address(records))) {
      placed.push(...(await withDeadline(sendPart(part), 'a send')));
    }
    return placed.map((place) => ({ ...place, topic: names.plainTopic(place.topic) }));
  };
  const sendPart = async (part: AddressedRecord[]): Promise<Placed[]> => {
    const mine = (connected ??= connect());
    await mine.ready;
    // A send that was given up while it connected must not come back beside the one that took its place.
    if (connected !== mine) throw new MessagingError('retry', 'this producer was given up while it connected');
    return sendChecked((batch) => mine.producer.sendBatch(batch), part);
  };
  /** Known before it is connected, so that a send that is given up meanwhile ends its connecting too. */
  const connect = (): Connected => {
    const client = createClient(settings);
    const producer = client.kafka.producer({ ...PRODUCER_OPTIONS, idempotent: true });
    producer.on(producer.events.REQUEST_TIMEOUT, () => client.disconnect());
    const ready = producer.connect();
    // Whoever waits for it hears of it; nobody may wait any more.
    ready.catch(() => undefined);
    return { producer, ready, kill: client.kill };
  };

  return {
    publish: (records) => {
      if (closed) return Promise.reject(new MessagingError('retry', 'this publisher is closed'));
      if (records.length === 0) return Promise.resolve([]);
      if (waitingRecords > 0 && waitingRecords + records.length > WAITING_RECORDS_MAX) {
        return Promise.reject(new PublisherBusyError(waitingRecords));
      }
      waitingRecords += records.length;
      return new Promise((resolve, reject) => {
        waiting.push({ records, resolve, reject });
        working ??= work();
      });
    },
    close: async () => {
      closed = true;
      await working;
      await connected?.producer.disconnect().catch(() => undefined);
      connected?.kill();
      connected = null;
    },
  };
}

/** Common to every producer; the partition has been chosen by us. */
export const PRODUCER_OPTIONS = {
  allowAutoTopicCreation: false,
  maxInFlightRequests: 1,
  metadataMaxAge: 30_000,
  retry: CLUSTER_RETRY,
  createPartitioner: () => (args: { message: { partition?: number } }) => args.message.partition ?? 0,
};
