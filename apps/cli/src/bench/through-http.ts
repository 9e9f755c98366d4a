// Measures payments from HTTP request to committed and published posting, one by one and by batch.

import type { BenchStack } from './bench-stack.ts';
import type { BooksWatch } from './books-watch.ts';
import { generate } from './generate.ts';
import type { GeneratorAnswer, GeneratorJob, Target } from './generator-jobs.ts';
import type { ProcessorUse } from './processor-use.ts';
import { measureUse } from './processor-use.ts';

const CONNECTIONS = 64;
const LINES_PER_BATCH = 200;
const BATCH_CONNECTIONS = 8;

export interface Throughput {
  /** Payments accepted over HTTP, and all of them settled. */
  readonly payments: number;
  /** From the first request until the last of them was committed and published. */
  readonly seconds: number;
  readonly perSecond: number;
  /** Accepted per second while the generator sent. */
  readonly acceptedPerSecond: number;
  readonly trouble: Readonly<Record<string, number>>;
  readonly use: ProcessorUse;
}

export interface HttpRun {
  readonly stack: BenchStack;
  readonly books: BooksWatch;
  readonly targets: readonly Target[];
  readonly seconds: number;
  readonly keyPrefix: string;
}

/** Single requests on 64 connections that do not wait for their outcome. */
export function measureSingle(run: HttpRun): Promise<Throughput> {
  return measureThroughput(run, { ...jobOf(run), kind: 'closed', connections: CONNECTIONS });
}

/** The same payments through /v1/payments/batch. */
export function measureBatch(run: HttpRun): Promise<Throughput> {
  return measureThroughput(run, {
    ...jobOf(run),
    kind: 'batch',
    connections: BATCH_CONNECTIONS,
    linesPerRequest: LINES_PER_BATCH,
  });
}

export interface Latency extends Pick<GeneratorAnswer, 'latencyMs' | 'trouble'> {
  readonly requests: number;
  /** Of them, those with the final outcome in the answer. */
  readonly final: number;
  readonly use: ProcessorUse;
}

/** Requests at a fixed rate that wait for their outcome. */
export async function measureLatency(run: HttpRun, perSecond: number): Promise<Latency> {
  const { result, seconds, use } = await measureUse(run.stack.pids(), () =>
    generate({ ...jobOf(run), kind: 'open', perSecond }),
  );
  const { accepted: requests, final, latencyMs, trouble, cpuSeconds } = result;
  return { requests, final, latencyMs, trouble, use: { generator: cpuSeconds / seconds, ...use } };
}

function jobOf({ stack, targets, seconds, keyPrefix }: HttpRun) {
  return { gatewayUrl: stack.gatewayUrl, targets, seconds, keyPrefix };
}

async function measureThroughput({ stack, books }: HttpRun, job: GeneratorJob): Promise<Throughput> {
  const before = await books.operations();
  const { result, seconds, use } = await measureUse(stack.pids(), async () => {
    const answer = await generate(job);
    await books.settled(before + answer.accepted);
    return answer;
  });
  const { accepted: payments, trouble, cpuSeconds } = result;
  return {
    payments,
    seconds,
    perSecond: payments / seconds,
    acceptedPerSecond: payments / result.seconds,
    trouble,
    use: { generator: cpuSeconds / seconds, ...use },
  };
}
