// Loads kafkajs with the repairs it needs; every other file takes kafkajs from here, so that none runs without them.
import { createRequire } from 'node:module';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { BatchContext, RecordToWrite } from './record-codec.ts';
import { crc32c } from './crc32c.ts';
import { decodeRecord, encodeRecord } from './record-codec.ts';

const require = createRequire(import.meta.url);
const CHECKSUM = 'kafkajs/src/protocol/recordBatch/crc32C/index.js';
const GROUPING = 'kafkajs/src/producer/groupMessagesPerPartition.js';
const RECORD_WRITER = 'kafkajs/src/protocol/recordBatch/record/v0/index.js';
const RECORD_READER = 'kafkajs/src/protocol/recordBatch/record/v0/decoder.js';

/** What the repair needs to know of kafkajs 2.2.4, src/network/requestQueue/index.js. */
interface RequestQueue {
  pending: unknown[];
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
}

const THROTTLE_CHECK_MS_MIN = 10;

/**
 * As shipped, every connection re-arms a timer of 1 ms for ever (10,500 wake-ups/s for 12 idle producers) and Node 24
 * warns of its negative time: tulios/kafkajs#1556, #1751. Nothing waits when nothing is pending.
 */
function repairRequestQueueTimer(): void {
  // kafkajs ships no types for its inner files; the shape is that of the pinned version.
  const { prototype } = require('kafkajs/src/network/requestQueue/index.js') as {
    prototype: RequestQueue & { scheduleCheckPendingRequests(): void };
  };
  if (typeof prototype.scheduleCheckPendingRequests !== 'function') {
    throw new Error('kafkajs has changed inside: the repair of its request queue timer no longer fits');
  }
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length === 0 || this.throttleCheckTimeoutId !== null) return;
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      Math.max(this.throttledUntil - Date.now(), THROTTLE_CHECK_MS_MIN),
    );
  };
}

/** Without this one batch that another client wrote with zstd would stop a consumer for good. */
function registerZstd(): void {
  kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => ({
    compress: async (encoder: { buffer: Buffer }) => zstdCompressSync(encoder.buffer),
    decompress: async (buffer: Buffer) => zstdDecompressSync(buffer),
  });
}

/** Has to be done before kafkajs is loaded: it takes its own parts then. */
function replaceSlowParts(): void {
  replaceModule(CHECKSUM, crc32c);
  replaceModule(GROUPING, groupByPartition);
  // kafkajs joins records by their `buf` (checked) and `buffer`: all it wants of its own Encoder.
  replaceModule(RECORD_WRITER, (record: RecordToWrite) => {
    const buffer = encodeRecord(record);
    return { buf: buffer, buffer };
  });
  replaceModule(RECORD_READER, ({ buffer }: { buffer: Buffer }, context: BatchContext) =>
    decodeRecord(buffer, context),
  );
}

interface Grouping {
  messages: { partition?: number }[];
}

/** kafkajs copies a partition's list for every message it adds to it. Every message we send has its partition. */
function groupByPartition({ messages }: Grouping): Record<number, Grouping['messages']> {
  const groups: Record<number, Grouping['messages']> = {};
  for (const message of messages) (groups[message.partition ?? 0] ??= []).push(message);
  return groups;
}

function replaceModule(path: string, exports: unknown): void {
  require(path);
  const loaded = require.cache[require.resolve(path)];
  if (loaded === undefined) throw new Error(`kafkajs has changed inside: ${path} cannot be replaced any more`);
  loaded.exports = exports;
}

/** What is used of kafkajs 2.2.4's cluster, src/cluster/index.js. */
interface Cluster {
  findGroupCoordinatorMetadata(asked: { groupId: string; coordinatorType: number }): Promise<unknown>;
}

/** The function by which a kafkajs object makes its clusters, which is private there. */
export function clusterMakerOf(kafka: object): { symbol: symbol; create: (options: object) => object } {
  const symbol = Object.getOwnPropertySymbols(kafka).find(
    ({ description }) => description === 'private:Kafka:createCluster',
  );
  const create = symbol && (kafka as Record<symbol, (options: object) => object>)[symbol];
  if (symbol === undefined || create === undefined) {
    throw new Error('kafkajs has changed inside: its cluster cannot be reached any more');
  }
  return { symbol, create };
}

/**
 * Makes the clients of this kafkajs object ask once who coordinates a group or a transaction. As shipped each step of a
 * transaction asks first: four of nine round trips. Only for clients that are thrown away after any error.
 */
export function rememberCoordinators(kafka: object): void {
  const { symbol, create } = clusterMakerOf(kafka);
  const createRemembering = (options: object): object => {
    // Its class has the method; checked below, as kafkajs has no types for it.
    const cluster = create(options) as Cluster;
    if (typeof cluster.findGroupCoordinatorMetadata !== 'function') {
      throw new Error('kafkajs has changed inside: its coordinators cannot be remembered any more');
    }
    const find = cluster.findGroupCoordinatorMetadata.bind(cluster);
    const known = new Map<string, Promise<unknown>>();
    // Its answer names a broker; whether that one is connected is looked at each time.
    cluster.findGroupCoordinatorMetadata = (asked) => {
      const name = `${asked.coordinatorType}/${asked.groupId}`;
      const found = known.get(name) ?? find(asked);
      known.set(name, found);
      found.catch(() => known.delete(name));
      return found;
    };
    return cluster;
  };
  Object.defineProperty(kafka, symbol, { value: createRemembering, configurable: true });
}

replaceSlowParts();
// The package's own types, for the value that `require` gives.
const kafkajs = require('kafkajs') as typeof import('kafkajs');
repairRequestQueueTimer();
registerZstd();

export { kafkajs };
