// Knows whether what is kept in memory is still true: the database counts its changes, tells each, and is asked once a second.
import type { Database } from '@paystream/database';

const CHANNEL = 'gateway_changes';

/** Forgets what was read of this merchant, operator or customer; null: all of it. */
export type Forget = (ownerUuid: string | null) => void;

export interface Changes {
  /** `forget` is called for each change, and before what is left is confirmed. */
  onChange(forget: Forget): void;
  /** Until when, by `performance.now()`, everything that was not forgotten is known to be true. */
  confirmedAtMs(): number;
  /** Reads how many changes there were, with whatever else is read, and confirms or forgets. */
  confirm<Read extends { changes: bigint }>(read: () => Promise<Read>): Promise<Read>;
  /** Hears of changes as they commit; the returned function stops it. */
  listen(database: Pick<Database, 'listen'>): Promise<() => Promise<void>>;
}

export function createChanges(): Changes {
  const forgetters: Forget[] = [];
  /** Changes up to this one have been heeded; null: not known yet. */
  let heeded: bigint | null = null;
  let confirmedAtMs = -Infinity;

  const forget: Forget = (ownerUuid) => {
    for (const each of forgetters) each(ownerUuid);
  };
  const told = (payload: string) => {
    const [version = '', ownerUuid = ''] = payload.split(' ');
    const isNext = heeded !== null && BigInt(version) === heeded + 1n;
    forget(isNext ? ownerUuid : null);
    heeded = BigInt(version);
  };
  return {
    onChange: (each) => {
      forgetters.push(each);
    },
    confirmedAtMs: () => confirmedAtMs,
    confirm: async (read) => {
      const askedAtMs = performance.now();
      const result = await read();
      // A word was lost, or is still on its way; also when the database was set back under us.
      if (result.changes !== heeded) forget(null);
      heeded = result.changes;
      confirmedAtMs = askedAtMs;
      return result;
    },
    listen: (database) => database.listen(CHANNEL, told),
  };
}
