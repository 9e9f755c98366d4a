// Reads chunks one item at a time, so that ordered streams can be merged while only one chunk of each is in memory.

import type { Chunks } from './inputs.ts';

export interface Reader<Item> {
  /** The next item, left in place; undefined at the end. */
  readonly peek: () => Promise<Item | undefined>;
  /** Steps over the item that `peek` showed. */
  readonly skip: () => void;
  /** Lets the source release what it holds; call it when leaving early too. */
  readonly close: () => Promise<void>;
}

export function createReader<Item>(chunks: Chunks<Item>): Reader<Item> {
  const iterator = chunks[Symbol.asyncIterator]();
  let chunk: readonly Item[] = [];
  let position = 0;
  let ended = false;

  return {
    peek: async () => {
      while (position >= chunk.length && !ended) {
        const next = await iterator.next();
        ended = next.done === true;
        chunk = next.done === true ? [] : next.value;
        position = 0;
      }
      return chunk[position];
    },
    skip: () => {
      position += 1;
    },
    close: async () => {
      if (!ended) await iterator.return?.();
      ended = true;
    },
  };
}
