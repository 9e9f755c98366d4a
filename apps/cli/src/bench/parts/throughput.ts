// Measures payments that nobody waits for, from the first request until the last is committed and published.

import { setTimeout as wait } from 'node:timers/promises';
import type { Bench } from '../bench.ts';
import { between, readCounters, stackCpuSeconds } from '../counters/counters.ts';
import type { Counted } from '../counters/counters.ts';
import { residentMegabytes } from '../counters/resident-memory.ts';
import { whileGenerating } from '../generator/generate.ts';
import type { GeneratorAnswer, GeneratorJob } from '../generator/generator-jobs.ts';
import type { Row } from '../rows.ts';
import { coresOf, countsPer, processesOf, requestsPer, withHotShare } from '../rows.ts';

const CONNECTIONS = 64;
const LINES_PER_BATCH = 200;
const BATCH_CONNECTIONS = 8;

/** Single requests on 64 connections that do not wait for their outcome. */
export function measureSingle(bench: Bench): Promise<Row[]> {
  return measureBoth(bench, (name) => ({
    ...jobOf(bench, name, 'single'),
    kind: 'closed',
    connections: CONNECTIONS,
    waitSeconds: 0,
  }));
}

/** The same payments through /v1/payments/batch. */
export function measureBatch(bench: Bench): Promise<Row[]> {
  return measureBoth(bench, (name) => ({
    ...jobOf(bench, name, 'batch'),
    kind: 'batch',
    connections: BATCH_CONNECTIONS,
    linesPerRequest: LINES_PER_BATCH,
  }));
}

type Spread = 'uniform' | 'hot';

function jobOf({ stack, ...bench }: Bench, name: Spread, part: string) {
  return { gatewayUrl: stack.gatewayUrl, targets: bench[name], keyPrefix: `${part}-${name}` };
}

async function measureBoth(bench: Bench, job: (name: Spread) => GeneratorJob): Promise<Row[]> {
  const uniform = await measure(bench, 'uniform', job('uniform'));
  const hot = await measure(bench, 'hot', job('hot'));
  return [uniform, withHotShare(hot, uniform)];
}

/** From the first request on; the generator's own start is not counted. */
async function measure(bench: Bench, name: string, job: GeneratorJob): Promise<Row> {
  const before = await bench.books.operations();
  return whileGenerating(job, async (generator) => {
    const startMs = performance.now();
    const start = await readCounters(bench.sources(), 'start');
    await wait(bench.settings.seconds * 1_000);
    const answer = await generator.stop();
    const resident = await residentMegabytes(bench.stack.pids());
    await bench.books.settled(before + answer.accepted);
    const seconds = (performance.now() - startMs) / 1_000;
    const counted = between(start, await readCounters(bench.sources(), 'end'));
    return rowOf({ name, answer, seconds, counted, resident });
  });
}

interface Measured {
  readonly name: string;
  readonly answer: GeneratorAnswer;
  /** From the first request until the last payment was committed and published. */
  readonly seconds: number;
  readonly counted: Counted;
  readonly resident: Readonly<Record<string, number>>;
}

/** Processor time has no idle part taken off: the stack is not idle for a moment. */
function rowOf({ name, answer, seconds, counted, resident }: Measured): Row {
  const { accepted, cpuSeconds, trouble } = answer;
  return {
    name,
    figures: {
      per_second: accepted / seconds,
      accepted_per_second: accepted / answer.seconds,
      cpu_with_idle_ms: accepted === 0 ? null : (stackCpuSeconds(counted) * 1_000) / accepted,
      ...countsPer(counted, accepted),
      ...coresOf(counted),
      generator_cores: cpuSeconds / answer.seconds,
    },
    processes: processesOf(counted, resident),
    requests: requestsPer(counted, accepted),
    trouble,
    doubts: [],
  };
}
