// Reads how much memory processes hold.

import { readFile } from 'node:fs/promises';

/** Megabytes (of 2^20 bytes) resident, by name; left out where there is no /proc or no such process. */
export async function residentMegabytes(pids: Readonly<Record<string, number>>): Promise<Record<string, number>> {
  const entries = await Promise.all(
    Object.entries(pids).map(async ([name, pid]) => {
      const megabytes = parseResident(await readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''));
      return megabytes === null ? [] : [[name, megabytes] as const];
    }),
  );
  return Object.fromEntries(entries.flat());
}

/** Of a process's /proc/…/status. */
export function parseResident(text: string): number | null {
  const found = /^VmRSS:\s*(?<kilobytes>\d+) kB$/m.exec(text)?.groups?.['kilobytes'];
  return found === undefined ? null : Number(found) / 1_024;
}
