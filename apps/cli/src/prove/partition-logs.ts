// Reads the log below the cuts as the proof takes it: what was asked, what was settled or admitted, what was set aside.

import { partitionOf } from '@paystream/messaging';
import type { IncomingRecord, Messaging } from '@paystream/messaging';
import type {
  AskedRecord,
  Chunks,
  DeadLetter,
  Differences,
  Outcome,
  PartitionLog,
  SettledRecord,
} from '@paystream/proof';
import type { PaymentProgressed, PaymentSettled } from '@paystream/topics';
import { withToldFact } from './ended-pay-out.ts';
import { sourceOf } from './read-topic.ts';

/** A larger record is no operation, as docs/operations.md has it. */
const OPERATION_BYTES_MAX = 256_000;

const DEAD_LETTERS = 'payment.processed.accounts.dlq';

export interface Reach {
  /** By partition of `payment.processed`, what the books hold. */
  readonly cuts: ReadonlyMap<number, bigint>;
  /** What accounts had published, and where the topic ended, before the snapshot of the books. */
  readonly published: readonly bigint[];
  readonly ends: readonly bigint[];
}

/** Sees what is read on its way to the fold. */
export interface Watch {
  readonly settled: (outcome: PaymentSettled, at: { readonly partition: number; readonly offset: bigint }) => void;
  readonly progressed: (admission: Admission, at: { readonly partition: number; readonly offset: bigint }) => void;
}

type Admission = PaymentProgressed & Pick<Outcome, 'sourcePartition' | 'sourceOffset' | 'ledgerNumber' | 'ledgerIndex'>;

export interface ReadOptions {
  readonly differences: Differences;
  readonly signal?: AbortSignal | undefined;
  readonly watch?: Watch | undefined;
}

/** Everything about each partition; nothing is read before the proof asks for it. What cannot be read is a difference. */
export async function readPartitionLogs(
  { readRange, codec, admin }: Pick<Messaging, 'readRange' | 'codec' | 'admin'>,
  { cuts, published, ends: endsBefore }: Reach,
  { differences, signal, watch }: ReadOptions,
): Promise<PartitionLog[]> {
  // A transaction's offset can be seen a moment before its records can.
  const [settledEnds, progressedEnds, deadLetterEnds] = await Promise.all([
    admin.committedEndOffsets('payment.settled'),
    admin.committedEndOffsets('payment.progressed'),
    admin.committedEndOffsets(DEAD_LETTERS),
  ]);
  // After them: whatever they name has to lie below.
  const ends = await admin.endOffsets('payment.processed');
  const read = (topic: string, partition: number, before: bigint | undefined) =>
    readRange({ topic, partition, from: 0n, before: before ?? 0n });
  const reader = { codec, differences, signal, watch, partitions: ends.length };
  return [...cuts].map(([partition, cut]) => ({
    partition,
    cut,
    bounds: {
      published: published[partition] ?? 0n,
      endBefore: endsBefore[partition] ?? 0n,
      end: ends[partition] ?? 0n,
    },
    asked: decodeAsked(reader, read('payment.processed', partition, ends[partition])),
    settled: decodeSettled(reader, read('payment.settled', partition, settledEnds[partition])),
    progressed: decodeAdmitted(reader, read('payment.progressed', partition, progressedEnds[partition])),
    deadLetters: findSources(reader, read(DEAD_LETTERS, partition, deadLetterEnds[partition])),
  }));
}

type Records = AsyncIterable<readonly IncomingRecord[]>;

interface Decoder {
  readonly codec: Messaging['codec'];
  readonly differences: Differences;
  readonly signal: AbortSignal | undefined;
  readonly watch: Watch | undefined;
  /** How many of them `payment.processed` has. */
  readonly partitions: number;
}

async function* decodeAsked({ codec, signal, partitions }: Decoder, chunks: Records): Chunks<AskedRecord> {
  for await (const records of chunks) {
    signal?.throwIfAborted();
    await codec.prepare('payment.processed', records);
    yield records.map(({ offset, key, value }) => {
      const decoded = codec.decode('payment.processed', value);
      const place = key === null ? null : { text: key.toString(), partition: partitionOf(key, partitions) };
      return {
        offset,
        key: place ?? { text: null, partition: 0 },
        operation: decoded.ok && (value?.length ?? 0) <= OPERATION_BYTES_MAX ? withToldFact(decoded.value) : null,
      };
    });
  }
}

async function* decodeSettled({ codec, differences, signal, watch }: Decoder, chunks: Records): Chunks<SettledRecord> {
  for await (const records of chunks) {
    signal?.throwIfAborted();
    await codec.prepare('payment.settled', records);
    yield records.flatMap((record) => {
      const decoded = codec.decode('payment.settled', record.value);
      if (decoded.ok) {
        watch?.settled(decoded.value, record);
        return [decoded.value];
      }
      addUnreadable(differences, record, decoded.reason);
      return [];
    });
  }
}

/** What accounts wrote: only they say which record they decided. Others tell on this topic too, of what they wait for. */
async function* decodeAdmitted({ codec, differences, signal, watch }: Decoder, chunks: Records): Chunks<Outcome> {
  for await (const records of chunks) {
    signal?.throwIfAborted();
    await codec.prepare('payment.progressed', records);
    yield records.flatMap((record) => {
      const decoded = codec.decode('payment.progressed', record.value);
      if (!decoded.ok) {
        addUnreadable(differences, record, decoded.reason);
        return [];
      }
      const { sourcePartition, sourceOffset, ledgerNumber, ledgerIndex } = decoded.value;
      if (sourcePartition === null) return [];
      if (sourceOffset === null || ledgerNumber === null || ledgerIndex === null) {
        addUnreadable(differences, record, 'it does not say where in the books it stands');
        return [];
      }
      const admission = { ...decoded.value, sourcePartition, sourceOffset, ledgerNumber, ledgerIndex };
      watch?.progressed(admission, record);
      return [admission];
    });
  }
}

async function* findSources({ differences }: Decoder, chunks: Records): Chunks<DeadLetter> {
  for await (const records of chunks) {
    yield records.flatMap((record) => {
      const sourceOffset = sourceOf(record);
      if (sourceOffset !== null) return [{ sourceOffset }];
      addUnreadable(differences, record, 'it does not say which record it holds');
      return [];
    });
  }
}

function addUnreadable(differences: Differences, { topic, partition, offset }: IncomingRecord, why: string): void {
  differences.add({ kind: 'record_unreadable', topic, partition, offset, why });
}
