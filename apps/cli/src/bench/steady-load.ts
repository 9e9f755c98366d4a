// Measures one load on the stack: settles first, then counts everything for a stretch, then lets the stack come to rest.

import { setTimeout as wait } from 'node:timers/promises';
import type { Bench } from './bench.ts';
import { waitingJobs } from './counters/app-metrics.ts';
import { between, readCounters, stackCpuSeconds } from './counters/counters.ts';
import type { Counted } from './counters/counters.ts';
import { residentMegabytes } from './counters/resident-memory.ts';
import type { Generator } from './generator/generate.ts';
import { whileGenerating } from './generator/generate.ts';
import type { GeneratorAnswer, GeneratorJob } from './generator/generator-jobs.ts';
import { WAIT_SECONDS } from './generator/open-loop.ts';
import type { Row } from './rows.ts';
import { coresOf, countsPer, processesOf, requestsPer } from './rows.ts';
import { isSteady } from './steady.ts';

export const SLICE_SECONDS = 2;
/** A load that has not settled by then is measured as it is, and the row says so. */
export const SLICES_MAX = 10;
const WARM_UP_SLICES_MAX = 20;
const WARM_UP_CONNECTIONS = 64;
/** Cores beyond what the idle stack takes, below which it is at rest. */
const REST_CORES_MAX = 0.1;
/** Before the idle stack was measured; above what it ever took. */
const IDLE_CORES_UNKNOWN = 0.25;
/** Longer than the pause that any app makes between two batches. */
const REST_POLL_SECONDS = 3;
const REST_SECONDS_MAX = 120;
const MS_PER_SECOND = 1_000;

export interface Load {
  readonly bench: Bench;
  readonly name: string;
  readonly job: GeneratorJob;
}

/** The job's requests wait for their final outcome: payments that have it are those that cost. */
export async function measureLoad({ bench, name, job }: Load): Promise<Row> {
  const measured = await whileGenerating(job, async (generator) => {
    const isSettled = await settle(bench, generator, SLICES_MAX);
    const start = await readCounters(bench.sources(), 'start');
    await generator.slice();
    await wait(bench.settings.seconds * MS_PER_SECOND);
    const answer = await generator.slice();
    const counted = between(start, await readCounters(bench.sources(), 'end'));
    const resident = await residentMegabytes(bench.stack.pids());
    await generator.stop();
    return { name, isSettled, answer, counted, resident };
  });
  await rest(bench);
  return rowOf(measured, bench.idle);
}

/** Brings a fresh stack to where programs are compiled and caches filled: as measured loads do, and for longer. */
export async function warmUp(bench: Bench): Promise<void> {
  const { stack, uniform: targets } = bench;
  const loop = { connections: WARM_UP_CONNECTIONS, waitSeconds: WAIT_SECONDS, keyPrefix: 'warm-up' };
  await whileGenerating({ kind: 'closed', gatewayUrl: stack.gatewayUrl, targets, ...loop }, async (generator) => {
    await wait(bench.settings.warmUpSecondsMin * MS_PER_SECOND);
    await generator.slice();
    await settle(bench, generator, WARM_UP_SLICES_MAX);
    await generator.stop();
  });
}

async function settle(bench: Bench, generator: Generator, slicesMax: number): Promise<boolean> {
  const slices: (number | null)[] = [];
  while (slices.length < slicesMax) {
    bench.signal.throwIfAborted();
    const start = await readCounters(bench.sources(), 'start');
    await wait(SLICE_SECONDS * MS_PER_SECOND);
    const { final } = await generator.slice();
    const cpuSeconds = stackCpuSeconds(between(start, await readCounters(bench.sources(), 'end')));
    slices.push(final === 0 ? null : cpuSeconds / final);
    if (isSteady(slices)) return true;
  }
  return false;
}

/**
 * Resolves when nothing that was asked is still worked on: what the apps have to do no longer changes, and the processors
 * are as good as idle. Also when that takes too long.
 */
export async function rest(bench: Bench, secondsMax = REST_SECONDS_MAX): Promise<void> {
  const idle = bench.idle.size === 0 ? IDLE_CORES_UNKNOWN : idleCores(bench.idle);
  const left = async (): Promise<string> => `${await bench.books.unread()} ${await waitingJobs(bench.stack.appUrls())}`;
  let before = await left();
  for (let seconds = 0; seconds < secondsMax; seconds += REST_POLL_SECONDS) {
    bench.signal.throwIfAborted();
    const start = await readCounters(bench.sources(), 'start');
    await wait(REST_POLL_SECONDS * MS_PER_SECOND);
    const counted = between(start, await readCounters(bench.sources(), 'end'));
    const now = await left();
    if (now === before && stackCpuSeconds(counted) / counted.seconds < idle + REST_CORES_MAX) return;
    before = now;
  }
}

interface Measured {
  readonly name: string;
  readonly isSettled: boolean;
  readonly answer: GeneratorAnswer;
  readonly counted: Counted;
  readonly resident: Readonly<Record<string, number>>;
}

/** Processor time per payment, with and without what the idle stack takes. */
function rowOf({ name, isSettled, answer, counted, resident }: Measured, idle: ReadonlyMap<string, number>): Row {
  const { final, accepted, latencyMs, seconds } = answer;
  const msEach = (cpuSeconds: number): number | null => (final === 0 ? null : (cpuSeconds * MS_PER_SECOND) / final);
  const cpuSeconds = stackCpuSeconds(counted);
  const processes = Object.entries(processesOf(counted, resident)).map(([process, figures]) => {
    const beyondIdle = ((figures['cores'] ?? 0) - (idle.get(process) ?? 0)) * counted.seconds;
    return [process, { cpu_ms: msEach(beyondIdle) ?? 0, ...figures }] as const;
  });
  return {
    name,
    figures: {
      per_second: final / seconds,
      p50_ms: latencyMs.p50,
      p90_ms: latencyMs.p90,
      p99_ms: latencyMs.p99,
      cpu_ms: msEach(cpuSeconds - idleCores(idle) * counted.seconds),
      cpu_with_idle_ms: msEach(cpuSeconds),
      ...countsPer(counted, final),
      ...coresOf(counted),
      not_final: accepted - final,
      generator_cores: answer.cpuSeconds / seconds,
    },
    processes: Object.fromEntries(processes),
    requests: requestsPer(counted, final),
    trouble: answer.trouble,
    doubts: isSettled ? [] : ['had not settled before it was measured'],
  };
}

function idleCores(idle: ReadonlyMap<string, number>): number {
  return [...idle.values()].reduce((sum, cores) => sum + cores, 0);
}
