// Works through items with a fixed number of hands.

/** Runs `work` on every item, at most `concurrency` at a time, in the items' order; the first failure stops the rest. */
export async function concurrently<Item>(
  items: readonly Item[],
  concurrency: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  let hasFailed = false;
  const worker = async (): Promise<void> => {
    for (const item of queue) {
      if (hasFailed) return;
      try {
        await work(item);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  // Every hand is waited for, also after a failure: nothing goes on in the background when this returns.
  const hands = await Promise.allSettled(Array.from({ length: concurrency }, worker));
  const failure = hands.find((hand) => hand.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}
