// Decides the one order in which rows are locked and written: that of the ids' bytes, as COLLATE "C" has it.

/** Below zero, zero or above zero as `a` comes before, at or after `b`. Ids are ASCII, so their code units are their bytes. */
export function compareIds(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
