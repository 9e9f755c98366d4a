// Chooses a record's partition from its key exactly as Java's producer does, so that every client agrees where a key lies.

/** Partition of a key among `count`; without a key, any. */
export function partitionOf(key: Buffer | null, count: number): number {
  if (key === null) return Math.floor(Math.random() * count);
  return (murmur2(key) & 0x7fffffff) % count;
}

const SEED = 0x9747b28c;
const M = 0x5bd1e995;
const R = 24;

/** Kafka's variant of murmur2: org.apache.kafka.common.utils.Utils.murmur2. */
export function murmur2(data: Buffer): number {
  const length = data.length;
  const tail = length & ~3;
  let h = SEED ^ length;
  for (let at = 0; at < tail; at += 4) {
    let k = Math.imul(data.readInt32LE(at), M);
    k = Math.imul(k ^ (k >>> R), M);
    h = Math.imul(h, M) ^ k;
  }
  if (tail < length) {
    // The last one to three bytes, little-endian.
    h = Math.imul(h ^ data.readUIntLE(tail, length - tail), M);
  }
  h = Math.imul(h ^ (h >>> 13), M);
  return h ^ (h >>> 15);
}
