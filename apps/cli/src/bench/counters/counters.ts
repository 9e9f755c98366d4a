// Reads everything that is counted while the stack works, and says what was counted between two readings.

import { cpus } from 'node:os';
import { brokerRequests } from './app-metrics.ts';
import { contextSwitches, switchesBetween } from './context-switches.ts';
import type { DatabaseCounters } from './database-counters.ts';
import { readProcessTrees } from './processor-time.ts';

/** Whatever ran on the machine and was not ours: figures are only as good as this is small. */
export const EVERYTHING_ELSE = 'everything else';

export interface CounterSources {
  /** By name: services, running apps. */
  readonly pids: Readonly<Record<string, number>>;
  /** Where each app shows its metrics. */
  readonly appUrls: Readonly<Record<string, string>>;
  readonly database: DatabaseCounters;
}

/** Counted from some moment on; only differences mean something. */
export interface Reading {
  readonly seconds: number;
  /** Processor seconds by process, and those of {@link EVERYTHING_ELSE}. */
  readonly cpuSeconds: Readonly<Record<string, number>>;
  readonly contextSwitches: ReadonlyMap<string, number>;
  /** By API of the broker. */
  readonly requests: Readonly<Record<string, number>>;
  readonly commits: number;
  readonly statements: number | null;
}

/** What was counted between two readings. */
export interface Counted extends Omit<Reading, 'contextSwitches'> {
  readonly contextSwitches: number;
}

/** At a start the processor's counters are read last, and at an end first: the reading itself is not measured. */
export async function readCounters(sources: CounterSources, moment: 'start' | 'end'): Promise<Reading> {
  if (moment === 'start') {
    const asked = await readAsked(sources);
    return { ...asked, ...(await readProcesses(sources.pids)) };
  }
  const processes = await readProcesses(sources.pids);
  return { ...(await readAsked(sources)), ...processes };
}

async function readAsked({ appUrls, database }: CounterSources) {
  const [requests, counts] = await Promise.all([brokerRequests(appUrls), database.read()]);
  return { requests, ...counts };
}

async function readProcesses(pids: CounterSources['pids']) {
  const { ours, ...trees } = await readProcessTrees({ ...pids, ours: process.pid });
  const machine = cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1_000;
  const switches = await contextSwitches(Object.values(trees).flatMap((tree) => tree.pids));
  return {
    seconds: performance.now() / 1_000,
    cpuSeconds: {
      ...Object.fromEntries(Object.entries(trees).map(([name, { seconds }]) => [name, seconds])),
      [EVERYTHING_ELSE]: machine - (ours?.seconds ?? 0),
    },
    contextSwitches: switches,
  };
}

export function between(start: Reading, end: Reading): Counted {
  return {
    seconds: end.seconds - start.seconds,
    cpuSeconds: difference(start.cpuSeconds, end.cpuSeconds),
    contextSwitches: switchesBetween(start.contextSwitches, end.contextSwitches),
    requests: difference(start.requests, end.requests),
    commits: end.commits - start.commits,
    statements: start.statements === null || end.statements === null ? null : end.statements - start.statements,
  };
}

function difference(
  start: Readonly<Record<string, number>>,
  end: Readonly<Record<string, number>>,
): Record<string, number> {
  return Object.fromEntries(Object.entries(end).map(([name, value]) => [name, value - (start[name] ?? 0)]));
}

/** Processor seconds of the stack: all processes but the generator and what is not ours. */
export function stackCpuSeconds({ cpuSeconds }: Pick<Counted, 'cpuSeconds'>): number {
  return Object.entries(cpuSeconds).reduce((sum, [name, value]) => (name === EVERYTHING_ELSE ? sum : sum + value), 0);
}
