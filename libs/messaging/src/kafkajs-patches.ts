// Loads kafkajs with the repairs it needs; every other file takes kafkajs from here, so that none runs without them.
import { createRequire } from 'node:module';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import kafkajs from 'kafkajs';

const require = createRequire(import.meta.url);

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

repairRequestQueueTimer();
registerZstd();

export { kafkajs };
