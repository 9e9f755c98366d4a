// Counts how often the processor was taken from or given up by processes' threads: what hand-overs between steps cost.

import { readdir, readFile } from 'node:fs/promises';

/** Of each thread that lives now, voluntary and not; none where there is no /proc. */
export async function contextSwitches(pids: readonly number[]): Promise<ReadonlyMap<string, number>> {
  const counts = await Promise.all(pids.map(switchesOf));
  return new Map(counts.flat());
}

/** What came between two readings. What threads did that lived in neither, or have ended since, is not known. */
export function switchesBetween(start: ReadonlyMap<string, number>, end: ReadonlyMap<string, number>): number {
  return [...end].reduce((sum, [thread, count]) => sum + count - (start.get(thread) ?? 0), 0);
}

async function switchesOf(pid: number): Promise<(readonly [thread: string, count: number])[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  return Promise.all(
    threads.map(async (thread) => {
      const text = await readFile(`/proc/${pid}/task/${thread}/status`, 'utf8').catch(() => '');
      return [`${pid}/${thread}`, parseSwitches(text)] as const;
    }),
  );
}

/** Of one thread's /proc/…/status. */
export function parseSwitches(text: string): number {
  return [...text.matchAll(/^(?:non)?voluntary_ctxt_switches:\s*(?<count>\d+)$/gm)].reduce(
    (sum, { groups }) => sum + Number(groups?.['count'] ?? 0),
    0,
  );
}
