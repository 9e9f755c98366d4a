// Reads the log below the cuts as the proof takes it: what was asked, what was settled or admitted, what was set aside.

import type { IncomingRecord, Messaging } from '@paystream/messaging';
import type { AskedRecord, Chunks, DeadLetter, Outcome, PartitionLog, SettledRecord } from '@paystream/proof';

const DEAD_LETTERS = 'payment.processed.accounts.dlq';

export interface Reach {
  /** By partition of `payment.processed`, what the books hold. */
  readonly cuts: ReadonlyMap<number, bigint>;
  /** What accounts had published, and where the topic ended, before the snapshot of the books. */
  readonly published: readonly bigint[];
  readonly ends: readonly bigint[];
}

/** Everything about each partition; nothing is read before the proof asks for it. */
export async function readPartitionLogs(
  { readRange, codec, admin }: Pick<Messaging, 'readRange' | 'codec' | 'admin'>,
  { cuts, published, ends: endsBefore }: Reach,
  signal?: AbortSignal,
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
  const reader = { codec, signal };
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
    deadLetters: findSources(read(DEAD_LETTERS, partition, deadLetterEnds[partition])),
  }));
}

type Records = AsyncIterable<readonly IncomingRecord[]>;

interface Decoder {
  readonly codec: Messaging['codec'];
  readonly signal: AbortSignal | undefined;
}

async function* decodeAsked({ codec, signal }: Decoder, chunks: Records): Chunks<AskedRecord> {
  for await (const records of chunks) {
    signal?.throwIfAborted();
    await codec.prepare('payment.processed', records);
    yield records.map(({ offset, value }) => {
      const decoded = codec.decode('payment.processed', value);
      return { offset, operation: decoded.ok ? decoded.value : null };
    });
  }
}

async function* decodeSettled({ codec, signal }: Decoder, chunks: Records): Chunks<SettledRecord> {
  for await (const records of chunks) {
    signal?.throwIfAborted();
    await codec.prepare('payment.settled', records);
    yield records.map(({ partition, offset, value }) => {
      const decoded = codec.decode('payment.settled', value);
      if (decoded.ok) return decoded.value;
      throw new Error(`payment.settled ${partition}@${offset} cannot be read: ${decoded.reason}`);
    });
  }
}

/** What accounts wrote: only they say which record they decided. Others tell on this topic too, of what they wait for. */
async function* decodeAdmitted({ codec, signal }: Decoder, chunks: Records): Chunks<Outcome> {
  for await (const records of chunks) {
    signal?.throwIfAborted();
    await codec.prepare('payment.progressed', records);
    yield records.flatMap(({ partition, offset, value }) => {
      const decoded = codec.decode('payment.progressed', value);
      if (!decoded.ok) throw new Error(`payment.progressed ${partition}@${offset} cannot be read: ${decoded.reason}`);
      const { sourcePartition, sourceOffset, ledgerNumber, ledgerIndex } = decoded.value;
      if (sourcePartition === null) return [];
      if (sourceOffset === null || ledgerNumber === null || ledgerIndex === null) {
        throw new Error(`payment.progressed ${partition}@${offset} does not say where in the books it stands`);
      }
      return [{ ...decoded.value, sourcePartition, sourceOffset, ledgerNumber, ledgerIndex }];
    });
  }
}

async function* findSources(chunks: Records): Chunks<DeadLetter> {
  for await (const records of chunks) {
    yield records.map(({ partition, offset, headers }) => {
      const text = headers['dlq_offset']?.toString();
      if (text !== undefined && /^\d+$/.test(text)) return { sourceOffset: BigInt(text) };
      throw new Error(`${DEAD_LETTERS} ${partition}@${offset} does not say which record it holds`);
    });
  }
}
