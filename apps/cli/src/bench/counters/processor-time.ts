// Reads which processes make up process trees and how much processor time they have used: from /proc, else from ps.

import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Linux counts in ticks of this size; the kernel fixes it for user space. */
const SECONDS_PER_TICK = 0.01;

interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  /** Of the process itself, and of children it has already waited for. */
  readonly seconds: number;
}

export interface ProcessTree {
  /** Of the tree's processes, the root first. */
  readonly pids: readonly number[];
  /** Processor time used so far by all of them. */
  readonly seconds: number;
}

/** Each named process with all its descendants; one that is gone is empty. */
export async function readProcessTrees(pids: Readonly<Record<string, number>>): Promise<Record<string, ProcessTree>> {
  const processes = await listProcesses();
  const children = Map.groupBy(processes, ({ parent }) => parent);
  const byPid = new Map(processes.map((each) => [each.pid, each]));
  const treeOf = (pid: number): ProcessTimes[] => [
    ...(byPid.has(pid) ? [byPid.get(pid)] : []).filter((each) => each !== undefined),
    ...(children.get(pid) ?? []).flatMap((child) => treeOf(child.pid)),
  ];
  return Object.fromEntries(
    Object.entries(pids).map(([name, pid]) => {
      const tree = treeOf(pid);
      const seconds = tree.reduce((sum, each) => sum + each.seconds, 0);
      return [name, { pids: tree.map((each) => each.pid), seconds }];
    }),
  );
}

async function listProcesses(): Promise<ProcessTimes[]> {
  return (await listFromProc()) ?? (await listFromPs());
}

async function listFromProc(): Promise<ProcessTimes[] | null> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name));
  if (pids.length === 0) return null;
  const texts = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  return texts.flatMap((text) => parseProcStat(text) ?? []);
}

/** One line of /proc/<pid>/stat; null for one that ended while being read. The name in brackets may hold anything. */
export function parseProcStat(text: string): ProcessTimes | null {
  const end = text.lastIndexOf(')');
  if (end === -1) return null;
  // After the name: state, ppid, …; proc(5) counts them from 3. utime to cstime are fields 14 to 17.
  const fields = text.slice(end + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { pid: Number.parseInt(text, 10), parent: Number(fields[1]), seconds: ticks * SECONDS_PER_TICK };
}

async function listFromPs(): Promise<ProcessTimes[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,time=']);
  return stdout.split('\n').flatMap((line) => parsePsLine(line) ?? []);
}

/** `pid ppid [[dd-]hh:]mm:ss[.cc]` */
export function parsePsLine(line: string): ProcessTimes | null {
  const [pid, parent, time] = line.trim().split(/\s+/);
  if (pid === undefined || parent === undefined || time === undefined) return null;
  const [clock = '', days = '0'] = time.split('-').toReversed();
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return { pid: Number(pid), parent: Number(parent), seconds: Number(days) * 86_400 + seconds };
}
