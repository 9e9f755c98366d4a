// Owns the right to write for one input: a transactional producer that shuts out every earlier one with its id.
import { setTimeout as wait } from 'node:timers/promises';
import type { Producer, Transaction } from 'kafkajs';
import { faultPoint } from '@paystream/runtime';
import type { ClientSettings } from './client.ts';
import { createClient } from './client.ts';
import { SEND_DEADLINE_MS, withDeadline } from './deadline.ts';
import { brokerErrorType, toMessagingError } from './errors.ts';
import { rememberCoordinators } from './kafkajs-patches.ts';
import { PRODUCER_OPTIONS } from './publisher.ts';
import type { AddressedRecord } from './send.ts';
import { sendChecked, splitBySize } from './send.ts';

/** The broker ends a transaction left open after this long; above our own deadline for a whole transaction. */
const TRANSACTION_TIMEOUT_MS = 15_000;
/** Offsets without records meet the broker still ending the last transaction; they are tried again this far apart. */
const CONCURRENT_TRANSACTION_WAIT_MS = 5;

/** Of the records that only carry an abort marker with them; a compacted topic takes none without a key. */
const ABORTED_KEY = Buffer.from('aborted');

/** The offset of a group to move with a transaction; real names. */
export interface GroupOffset {
  group: string;
  topic: string;
  partition: number;
  /** Offset of the next record to read. */
  next: bigint;
}

/** A transaction that takes sends until it is committed; the broker ends it after 15 s otherwise. */
export interface OpenTransaction {
  /** Resolves when every record is acknowledged: readers of uncommitted records see them now. */
  send(records: readonly AddressedRecord[]): Promise<void>;
  /** Moves the offset and commits: readers of committed records see all of it, or none. */
  commit(offset: GroupOffset | null): Promise<void>;
}

/** After any error the outcome is unknown and the producer is dead: open a new one and read the group's offset first. */
export interface FencedProducer {
  /** Begins a transaction; one at a time. The broker hears of it with the first send. */
  begin(): Promise<OpenTransaction>;
  /** A whole transaction: writes the records and moves the offset, all or nothing. */
  transact(records: readonly AddressedRecord[], offset: GroupOffset | null): Promise<void>;
  /** Ends, at these places, whatever a producer with this id has left open: none of it is ever read. */
  abortAt(places: readonly { topic: string; partition: number }[]): Promise<void>;
  /** Ends it at once, in the middle of whatever it does. */
  kill(): void;
  /** Ends it when nothing is under way. */
  close(): Promise<void>;
}

/**
 * Opens a producer and fences all earlier ones with the same id: an empty transaction makes the broker finish what
 * they left open and refuse whatever they still send. The group's offset is only to be trusted when read after this.
 *
 * @param transactionalId `<group>-<topic>-<partition>` of the INPUT: kafkajs does not send group membership with offsets,
 * so an id per instance would let a stalled member commit after its partition has moved
 */
export async function openFencedProducer(settings: ClientSettings, transactionalId: string): Promise<FencedProducer> {
  const client = createClient(settings);
  rememberCoordinators(client.kafka);
  const producer = client.kafka.producer({
    ...PRODUCER_OPTIONS,
    idempotent: true,
    transactionalId,
    transactionTimeout: TRANSACTION_TIMEOUT_MS,
  });
  producer.on(producer.events.REQUEST_TIMEOUT, () => client.disconnect());
  try {
    await withDeadline(fence(producer), `fencing ${transactionalId}`);
  } catch (error) {
    client.kill();
    throw toMessagingError(error, `fencing ${transactionalId}`);
  }
  const orDie = async (what: string, work: (deadline: AbortSignal) => Promise<void>): Promise<void> => {
    const deadline = new AbortController();
    try {
      await withDeadline(work(deadline.signal), what);
    } catch (error) {
      deadline.abort();
      client.kill();
      throw toMessagingError(error, what);
    }
  };
  const begin = async (): Promise<OpenTransaction> => {
    const transaction = await producer.transaction();
    return {
      send: (records) => orDie(`a send of ${transactionalId}`, () => send(transaction, records)),
      commit: (offset) => orDie(`a commit of ${transactionalId}`, (deadline) => commit(transaction, offset, deadline)),
    };
  };
  return {
    begin,
    transact: async (records, offset) => {
      const transaction = await begin();
      await transaction.send(records);
      await transaction.commit(offset);
    },
    abortAt: (places) => orDie(`ending what ${transactionalId} has left open`, () => abortAt(producer, places)),
    kill: client.kill,
    close: async () => {
      await withDeadline(producer.disconnect(), 'closing a producer', SEND_DEADLINE_MS).catch(() => undefined);
      client.kill();
    },
  };
}

async function fence(producer: Producer): Promise<void> {
  await producer.connect();
  const empty = await producer.transaction();
  await empty.abort();
}

/** An abort marker is written where something was sent; it ends all that the producer id has open there. */
async function abortAt(producer: Producer, places: readonly { topic: string; partition: number }[]): Promise<void> {
  const transaction = await producer.transaction();
  const records = places.map((place) => ({ ...place, key: ABORTED_KEY, value: null, headers: {} }));
  await sendChecked((batch) => transaction.sendBatch(batch), records);
  await transaction.abort();
}

async function send(transaction: Transaction, records: readonly AddressedRecord[]): Promise<void> {
  for (const part of splitBySize(records)) await sendChecked((batch) => transaction.sendBatch(batch), part);
  faultPoint('messaging.records_sent');
}

/** After the records: an offset that comes first meets CONCURRENT_TRANSACTIONS from the transaction before. */
async function commit(transaction: Transaction, offset: GroupOffset | null, signal: AbortSignal): Promise<void> {
  if (offset !== null) await sendOffset(transaction, offset, signal);
  faultPoint('messaging.offset_sent');
  await transaction.commit();
  faultPoint('messaging.transaction_committed');
}

async function sendOffset(transaction: Transaction, offset: GroupOffset, signal: AbortSignal): Promise<void> {
  const { group, topic, partition, next } = offset;
  const request = { consumerGroupId: group, topics: [{ topic, partitions: [{ partition, offset: `${next}` }] }] };
  for (;;) {
    try {
      await transaction.sendOffsets(request);
      return;
    } catch (error) {
      // Bounded by the transaction's deadline, which aborts the signal.
      if (signal.aborted || brokerErrorType(error) !== 'CONCURRENT_TRANSACTIONS') throw error;
      await wait(CONCURRENT_TRANSACTION_WAIT_MS);
    }
  }
}
