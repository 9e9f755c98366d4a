// Writes results in the order their places were reserved, whichever becomes known first.

export interface OrderedResults {
  /** The next place, from 1. */
  reserve(): number;
  put(place: number, text: string): void;
  /** Resolves when every reserved place has been written. */
  complete(): Promise<void>;
}

export function createOrderedResults(write: (text: string) => void): OrderedResults {
  const known = new Map<number, string>();
  let reserved = 0;
  let written = 0;
  let flushing = false;
  let onComplete: (() => void) | null = null;

  const flush = () => {
    flushing = false;
    const texts: string[] = [];
    for (let text = known.get(written + 1); text !== undefined; text = known.get(written + 1)) {
      written += 1;
      known.delete(written);
      texts.push(text);
    }
    if (texts.length > 0) write(texts.join(''));
    if (written === reserved) onComplete?.();
  };
  return {
    reserve: () => {
      reserved += 1;
      return reserved;
    },
    put: (place, text) => {
      known.set(place, text);
      if (flushing) return;
      flushing = true;
      // A group's results become known together and are written together.
      setImmediate(flush);
    },
    complete: () =>
      new Promise((resolve) => {
        onComplete = resolve;
        if (written === reserved) resolve();
      }),
  };
}
