// Remembers of many things only a digest each, found by the digest of a key: about fifty bytes for each, however long they are.

const CAPACITY_FIRST = 1_024;
/** A fuller table would take long walks to find what it does not hold. */
const FILL_MAX = 0.6;

export interface DigestTable {
  /** The digest kept under the key; undefined when there is none. */
  readonly get: (key: string) => bigint | undefined;
  readonly set: (key: string, digest: bigint) => void;
  /** Sets a flag of what is kept under the key; false when it was set before. */
  readonly mark: (key: string, flag: number) => boolean;
  readonly flags: (key: string) => number;
  readonly size: () => number;
}

/** 64 bits of a cryptographic hash: who falsifies a row cannot choose it so that nothing shows. */
export type DigestOf = (text: string) => bigint;

export function createDigestTable(digestOf: DigestOf): DigestTable {
  let keys = new BigUint64Array(CAPACITY_FIRST);
  let digests = new BigUint64Array(CAPACITY_FIRST);
  let flags = new Uint8Array(CAPACITY_FIRST);
  let size = 0;

  /** Where the key is, or the free place where it belongs. A free place has the key 0. */
  const placeOf = (key: bigint): number => {
    const last = keys.length - 1;
    let place = Number(key & BigInt(last));
    while (keys[place] !== 0n && keys[place] !== key) place = (place + 1) & last;
    return place;
  };
  const keyOf = (key: string): bigint => digestOf(key) || 1n;
  const find = (key: string): number | undefined => {
    const place = placeOf(keyOf(key));
    return keys[place] === 0n ? undefined : place;
  };
  const grow = (): void => {
    const [oldKeys, oldDigests, oldFlags] = [keys, digests, flags];
    keys = new BigUint64Array(oldKeys.length * 2);
    digests = new BigUint64Array(oldKeys.length * 2);
    flags = new Uint8Array(oldKeys.length * 2);
    for (const [from, key] of oldKeys.entries()) {
      if (key === 0n) continue;
      const to = placeOf(key);
      keys[to] = key;
      digests[to] = oldDigests[from] ?? 0n;
      flags[to] = oldFlags[from] ?? 0;
    }
  };

  return {
    get: (key) => {
      const place = find(key);
      return place === undefined ? undefined : digests[place];
    },
    set: (key, digest) => {
      if (size >= keys.length * FILL_MAX) grow();
      const place = placeOf(keyOf(key));
      if (keys[place] === 0n) size += 1;
      keys[place] = keyOf(key);
      digests[place] = digest;
    },
    mark: (key, flag) => {
      const place = find(key);
      if (place === undefined || ((flags[place] ?? 0) & flag) !== 0) return false;
      flags[place] = (flags[place] ?? 0) | flag;
      return true;
    },
    flags: (key) => flags[find(key) ?? -1] ?? 0,
    size: () => size,
  };
}
