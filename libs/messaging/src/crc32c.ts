// Computes the checksum of record batches (CRC-32C) eight bytes at a time; kafkajs' own goes byte by byte, three times slower.

const POLYNOMIAL = 0x82f63b78;
const TABLES = createTables();

export function crc32c(buffer: Uint8Array): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = TABLES;
  let crc = -1;
  let at = 0;
  // Indices stay inside buffer and tables by construction, hence the non-null marks: checks would cost half the gain.
  for (const end = buffer.length - 7; at < end; at += 8) {
    const low = crc ^ (buffer[at]! | (buffer[at + 1]! << 8) | (buffer[at + 2]! << 16) | (buffer[at + 3]! << 24));
    crc =
      t7[low & 0xff]! ^
      t6[(low >>> 8) & 0xff]! ^
      t5[(low >>> 16) & 0xff]! ^
      t4[low >>> 24]! ^
      t3[buffer[at + 4]!]! ^
      t2[buffer[at + 5]!]! ^
      t1[buffer[at + 6]!]! ^
      t0[buffer[at + 7]!]!;
  }
  for (; at < buffer.length; at++) crc = t0[(crc ^ buffer[at]!) & 0xff]! ^ (crc >>> 8);
  return (crc ^ -1) >>> 0;
}

type Table = Int32Array;

/** Table n holds the checksum of a byte followed by n zero bytes. */
function createTables(): [Table, Table, Table, Table, Table, Table, Table, Table] {
  const first = Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    return crc;
  });
  const following = (table: Table): Table => table.map((crc) => first[crc & 0xff]! ^ (crc >>> 8));
  const t1 = following(first);
  const t2 = following(t1);
  const t3 = following(t2);
  const t4 = following(t3);
  const t5 = following(t4);
  const t6 = following(t5);
  return [first, t1, t2, t3, t4, t5, t6, following(t6)];
}
