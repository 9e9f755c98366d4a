// Compresses as little as snappy allows (not at all), in the framing Kafka's clients use: a codec we have no reader for.

const MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const LITERAL_TWO_LENGTH_BYTES = 61 << 2;

/** Bytes below 64 kB as one literal. */
export function snappyLiteral(bytes: Buffer): Buffer {
  const block = Buffer.concat([varint(bytes.length), literalTag(bytes.length), bytes]);
  return Buffer.concat([MAGIC, int32(1), int32(1), int32(block.length), block]);
}

function literalTag(length: number): Buffer {
  return Buffer.from([LITERAL_TWO_LENGTH_BYTES, (length - 1) & 0xff, (length - 1) >>> 8]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
