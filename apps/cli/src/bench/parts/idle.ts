// Measures what the stack takes while nothing is asked of it.

import { setTimeout as wait } from 'node:timers/promises';
import type { Bench } from '../bench.ts';
import { between, readCounters } from '../counters/counters.ts';
import { residentMegabytes } from '../counters/resident-memory.ts';
import type { Row } from '../rows.ts';
import { coresOf, countsPer, processesOf, requestsPer } from '../rows.ts';
import { rest } from '../steady-load.ts';

/** Long enough for what happens every few seconds to happen some times. */
const IDLE_SECONDS_MIN = 20;

/** Remembers what it measured: other parts take it off. */
export async function measureIdle(bench: Bench): Promise<Row[]> {
  await rest(bench);
  const start = await readCounters(bench.sources(), 'start');
  await wait(Math.max(IDLE_SECONDS_MIN, bench.settings.seconds) * 1_000);
  const counted = between(start, await readCounters(bench.sources(), 'end'));
  const resident = await residentMegabytes(bench.stack.pids());
  const { seconds } = counted;
  const processes = processesOf(counted, resident);
  bench.idle.clear();
  for (const [process, { cores = 0 }] of Object.entries(processes)) bench.idle.set(process, cores);
  const figures = { ...coresOf(counted), ...countsPer(counted, seconds) };
  return [{ name: 'per second', figures, processes, requests: requestsPer(counted, seconds), trouble: {}, doubts: [] }];
}
