// The shapes other rooms see of the log: records in and out, batches, consumers. No type of kafkajs is among them.

/** A record as read. Header values are bytes; a header that occurs several times keeps its last value. */
export interface IncomingRecord {
  topic: string;
  partition: number;
  offset: bigint;
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, Buffer>;
  /** Milliseconds since the epoch, as its producer set it. */
  timestampMs: bigint;
}

/** A record to write. */
export interface OutgoingRecord {
  topic: string;
  /** null: chosen from the key, as Java's producer does (murmur2); without a key, any. */
  partition: number | null;
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, string | Buffer>;
}

/** Where a written record came to lie. */
export interface Placed {
  topic: string;
  partition: number;
  offset: bigint;
}

/** Records of one partition in order of offset; never empty. */
export interface Batch {
  topic: string;
  partition: number;
  records: IncomingRecord[];
  /** Offset after the last record that can be read now: what lies between is lag. */
  highWatermark: bigint;
  /** Aborted when the partition is no longer ours or the consumer stops: end waits, the batch will come again. */
  signal: AbortSignal;
}

/** Which partitions a consumer owns, since when. */
export interface Assignment {
  /** Grows with every assignment; work begun under an older one is not to be relied on. */
  generation: number;
  /** By plain topic name. */
  partitions: ReadonlyMap<string, readonly number[]>;
}

export interface Consumer {
  /** Resolves when partitions have been assigned for the first time (a follower: when it reads). */
  ready: Promise<void>;
  /** Whether it is working, as far as can be seen: assigned and heard from lately. */
  healthy(): boolean;
  assignment(): Assignment;
  /** Partitions, as `topic/number`, that stand still: what is next there failed several times in a row. Nothing is lost. */
  stalled(): readonly string[];
  /** Resolves when the batches in hand are done, the group is left and every connection is closed. */
  stop(): Promise<void>;
}
