// Runs the whole benchmark on a stack of its own: customers, throughput, latency, backlog, the machine's limits, the proof.

import { availableParallelism, cpus, totalmem } from 'node:os';
import type { Database } from '@paystream/database';
import type { Messaging } from '@paystream/messaging';
import { connectDatabase, connectMessaging } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { CliError } from '../context.ts';
import { runProof } from '../prove/run-proof.ts';
import type { SandboxMerchant } from '../supervisor/stack-state.ts';
import type { BenchStack } from './bench-stack.ts';
import { startBenchStack } from './bench-stack.ts';
import type { BooksWatch } from './books-watch.ts';
import { watchBooks } from './books-watch.ts';
import { measureDrain } from './drain.ts';
import type { Target } from './generator-jobs.ts';
import { measurePosting } from './limits-database.ts';
import { measureLogLimits } from './limits-log.ts';
import { createTarget } from './targets.ts';
import type { BenchReport, Machine } from './report.ts';
import { measureBatch, measureLatency, measureSingle } from './through-http.ts';

export interface BenchSizes {
  readonly merchants: number;
  /** In all, over the merchants of the uniform load; as many again for the hot one. */
  readonly customers: number;
  readonly warmUpSeconds: number;
  readonly throughputSeconds: number;
  readonly latencySeconds: number;
  readonly latencyPerSecond: number;
  readonly backlog: number;
  readonly limitSeconds: number;
  readonly limitRecords: number;
}

export const FULL_SIZES: BenchSizes = {
  merchants: 20,
  customers: 1_000,
  warmUpSeconds: 5,
  throughputSeconds: 15,
  latencySeconds: 30,
  latencyPerSecond: 200,
  backlog: 100_000,
  limitSeconds: 5,
  limitRecords: 200_000,
};

export const QUICK_SIZES: BenchSizes = {
  merchants: 5,
  customers: 200,
  warmUpSeconds: 2,
  throughputSeconds: 5,
  latencySeconds: 10,
  latencyPerSecond: 200,
  backlog: 20_000,
  limitSeconds: 2,
  limitRecords: 40_000,
};

const STATEMENT_TIMEOUT_MS = 60_000;

export interface BenchOptions {
  readonly context: CliContext;
  readonly sizes: BenchSizes;
  /** Says what is being done, for the minutes it takes. */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Everything it starts is stopped, and its data dropped, however it ends. */
export async function runBench(options: BenchOptions): Promise<BenchReport> {
  const { context, say, signal } = options;
  say('Starting a stack for the benchmark alone …');
  const stack = await startBenchStack(context, signal);
  try {
    await stack.start();
    const messaging = await connectMessaging(stack.addresses);
    const accounts = connectDatabase(stack.addresses.databases.accounts, STATEMENT_TIMEOUT_MS);
    try {
      return await measureAll(options, { stack, messaging, accounts });
    } finally {
      await Promise.all([messaging.close(), accounts.close()]);
    }
  } finally {
    say('Stopping, and dropping the benchmark’s data …');
    await stack.stop();
  }
}

interface Bench {
  readonly stack: BenchStack;
  readonly messaging: Messaging;
  readonly accounts: Database;
}

async function measureAll({ sizes, say, signal }: BenchOptions, bench: Bench): Promise<BenchReport> {
  const { stack, messaging } = bench;
  const books = watchBooks(bench.accounts, messaging);
  // Ctrl-C ends the benchmark between two stretches; a stretch is seconds long.
  const stage = (line: string): void => {
    signal.throwIfAborted();
    say(line);
  };
  stage(`Creating ${sizes.merchants + 1} merchants and ${2 * sizes.customers} customers with money …`);
  const { uniform, hot, merchants } = await createTargets(stack, sizes);
  const http = await measureHttp({ stage, stack, books, sizes, uniform, hot });

  stage('Draining a backlog: processor and accounts alone …');
  const merchantIds = merchants.map(({ merchant_id: id }) => id);
  const drain = { stack, books, messaging, payments: sizes.backlog };
  const drainUniform = await measureDrain({ ...drain, merchantIds });
  stage('Draining a backlog of one hot merchant …');
  const drainHot = await measureDrain({ ...drain, merchantIds: merchantIds.slice(0, 1) });
  await stack.stopApps();

  stage('Measuring the limits of this machine: bare posting, bare produce and consume …');
  const { postgresAdminUrl } = stack.services;
  if (postgresAdminUrl === null) throw new CliError('The limits need a database server of our own.');
  const posting500PerSecond = await measurePosting(postgresAdminUrl, 500, sizes.limitSeconds);
  const posting2000PerSecond = await measurePosting(postgresAdminUrl, 2_000, sizes.limitSeconds);
  const log = await measureLogLimits(stack, sizes.limitRecords);

  stage('Proving the books of this benchmark …');
  const proof = await runProof(stack.addresses, { signal });
  const limits = { posting500PerSecond, posting2000PerSecond, log };
  return { machine: describeMachine(), merchants: sizes.merchants, ...http, drainUniform, drainHot, ...limits, proof };
}

interface HttpStage {
  readonly stage: (line: string) => void;
  readonly stack: BenchStack;
  readonly books: BooksWatch;
  readonly sizes: BenchSizes;
  readonly uniform: readonly Target[];
  readonly hot: readonly Target[];
}

async function measureHttp({ stage, stack, books, sizes, uniform, hot }: HttpStage) {
  const run = { stack, books, seconds: sizes.throughputSeconds };
  stage('Warming up …');
  await measureSingle({ ...run, targets: uniform, seconds: sizes.warmUpSeconds, keyPrefix: 'warm-up' });
  stage('Final outcomes at a steady rate …');
  const latencyRun = { ...run, targets: uniform, seconds: sizes.latencySeconds, keyPrefix: 'latency' };
  const latency = await measureLatency(latencyRun, sizes.latencyPerSecond);
  stage('Single requests, uniform …');
  const singleUniform = await measureSingle({ ...run, targets: uniform, keyPrefix: 'single' });
  stage('Single requests, one hot merchant …');
  const singleHot = await measureSingle({ ...run, targets: hot, keyPrefix: 'single-hot' });
  stage('Batches, uniform …');
  const batchUniform = await measureBatch({ ...run, targets: uniform, keyPrefix: 'batch' });
  stage('Batches, one hot merchant …');
  const batchHot = await measureBatch({ ...run, targets: hot, keyPrefix: 'batch-hot' });
  return { latency, latencyPerSecond: sizes.latencyPerSecond, singleUniform, singleHot, batchUniform, batchHot };
}

async function createTargets(stack: BenchStack, { merchants: count, customers }: BenchSizes) {
  const merchants: SandboxMerchant[] = [];
  for (let made = 0; made <= count; made += 1) merchants.push(await stack.createMerchant());
  const [hotMerchant, ...others] = merchants;
  if (hotMerchant === undefined) throw new Error('the benchmark needs a merchant');
  const uniform: Target[] = [];
  for (const merchant of others)
    uniform.push(await createTarget(stack.gatewayUrl, merchant, Math.ceil(customers / count)));
  return { merchants, uniform, hot: [await createTarget(stack.gatewayUrl, hotMerchant, customers)] };
}

function describeMachine(): Machine {
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown processor',
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
  };
}
