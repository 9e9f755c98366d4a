// Holds results until their client reads them: so much and no more, and not for a client that has stopped reading.
import { Readable } from 'node:stream';

/** A full batch of ordinary payments: a client that reads nothing before it has sent everything is served, too. */
const HELD_BYTES_MAX = 8_388_608;
const STALLED_MS_MAX = 30_000;
/** Results leave in pieces of this, so that a slow client is seen to take some. */
const PIECE_BYTES = 65_536;
/** How often it is looked whether the client reads, in a stall's time. */
const LOOKS_PER_STALL = 30;

export interface ResultStream {
  stream: Readable;
  /** Holds the text, above the limit too; forgets it when the stream is closed. */
  write(text: string): void;
  /** Resolves when less is held than may be. Rejects when nobody reads any more. */
  room(): Promise<void>;
  /** There are no more results. */
  end(): void;
  /** Resolves when the last result was taken, or none will be any more. */
  closed: Promise<void>;
}

export interface ResultStreamOptions {
  /** HELD_BYTES_MAX unless said otherwise. */
  heldBytesMax?: number;
  /** STALLED_MS_MAX unless said otherwise. */
  stalledMsMax?: number;
}

/** Destroys the stream when it holds something, if only its end, and nothing is taken for so long. */
export function createResultStream(options: ResultStreamOptions = {}): ResultStream {
  const { heldBytesMax = HELD_BYTES_MAX, stalledMsMax = STALLED_MS_MAX } = options;
  let written = 0;
  let ended = false;
  let wake: (() => void) | null = null;

  const wakeWriter = () => {
    wake?.();
    wake = null;
  };
  const stream = new Readable({
    highWaterMark: heldBytesMax,
    // Called when something was taken and there is room again.
    read: wakeWriter,
    destroy: (error, done) => {
      clearInterval(looking);
      wakeWriter();
      done(error);
    },
  });
  const looking = watchTaking({
    isHolding: () => ended || stream.readableLength > 0,
    taken: () => written - stream.readableLength,
    stalledMsMax,
    onStalled: () => stream.destroy(new Error('the client has stopped reading the results')),
  });
  // The server hears of it, and so does who waits for room; before either of them listens it is no fault of ours.
  stream.on('error', () => undefined);
  return {
    stream,
    write: (text) => {
      if (stream.destroyed) return;
      const bytes = Buffer.from(text);
      written += bytes.length;
      for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
        stream.push(bytes.subarray(start, start + PIECE_BYTES));
      }
    },
    room: async () => {
      while (!stream.destroyed && stream.readableLength >= heldBytesMax) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (stream.destroyed) throw new Error('nobody reads the results any more', { cause: stream.errored });
    },
    end: () => {
      ended = true;
      if (!stream.destroyed) stream.push(null);
    },
    closed: new Promise((resolve) => {
      stream.once('close', () => resolve());
    }),
  };
}

interface Taking {
  isHolding(): boolean;
  /** Bytes taken so far. */
  taken(): number;
  stalledMsMax: number;
  onStalled(): void;
}

function watchTaking({ isHolding, taken, stalledMsMax, onStalled }: Taking): NodeJS.Timeout {
  let last = taken();
  let lastMs = performance.now();
  return setInterval(() => {
    const now = performance.now();
    if (!isHolding() || taken() !== last) {
      last = taken();
      lastMs = now;
    } else if (now - lastMs >= stalledMsMax) onStalled();
  }, stalledMsMax / LOOKS_PER_STALL).unref();
}
