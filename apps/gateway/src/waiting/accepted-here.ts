// Remembers what this process has accepted: who waits for its outcome waits here, and no other gateway need be told.

/** In each of two generations: more than are on their way at once. What is forgotten too early is announced for nothing. */
const REMEMBERED_MAX = 20_000;

export interface AcceptedHere {
  add(uuids: Iterable<string>): void;
  has(uuid: string): boolean;
  /** Their outcomes are stored and told here. */
  forget(uuids: Iterable<string>): void;
}

export function createAcceptedHere(): AcceptedHere {
  let newer = new Set<string>();
  let older = new Set<string>();
  return {
    add: (uuids) => {
      for (const uuid of uuids) newer.add(uuid);
      if (newer.size < REMEMBERED_MAX) return;
      older = newer;
      newer = new Set();
    },
    has: (uuid) => newer.has(uuid) || older.has(uuid),
    forget: (uuids) => {
      for (const uuid of uuids) if (!newer.delete(uuid)) older.delete(uuid);
    },
  };
}
