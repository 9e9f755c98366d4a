// Runs closed loops: so many connections, each sending its next request when the last was answered.

import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'undici';
import type { BatchJob, ClosedLoopJob } from './generator-jobs.ts';
import type { Measure } from './measure.ts';
import { batchLine, createPayments, singleBody, singleHeaders } from './payments.ts';
import type { Answered, Post } from './post.ts';
import { post } from './post.ts';

/** The generator must notice a dead gateway before its own deadline. */
const ANSWER_TIMEOUT_MS = 30_000;
/** A gateway that refuses connections is not asked in a tight loop. */
const PAUSE_AFTER_FAILURE_MS = 20;

/** Single payments, until the signal; resolves when the last of them is answered. */
export function runClosedLoop(job: ClosedLoopJob, measure: Measure, signal: AbortSignal): Promise<void> {
  const next = createPayments(job.targets, job.keyPrefix);
  return runLoops({ job, measure, signal, readBody: false }, () => {
    const payment = next();
    const headers = singleHeaders(payment, job.waitSeconds);
    const request = { path: '/v1/payments', headers, body: singleBody(payment) };
    return { request, take: ({ status }) => measure.answered(status) };
  });
}

/** Batches of payments of one merchant each, until the signal. */
export function runBatches(job: BatchJob, measure: Measure, signal: AbortSignal): Promise<void> {
  // One source of payments per merchant: a request carries one key.
  const sources = job.targets.map((target, index) => createPayments([target], `${job.keyPrefix}-${index}`));
  let requests = 0;
  return runLoops({ job, measure, signal, readBody: true }, () => {
    const next = sources[requests++ % sources.length];
    if (next === undefined) throw new Error('the benchmark has no merchants');
    const payments = Array.from({ length: job.linesPerRequest }, next);
    const { apiKey = '' } = payments[0] ?? {};
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/x-ndjson', prefer: 'wait=0' };
    const request = { path: '/v1/payments/batch', headers, body: payments.map(batchLine).join('') };
    return { request, take: (answer) => countLines(answer, measure) };
  });
}

interface Loops {
  readonly job: ClosedLoopJob | BatchJob;
  readonly measure: Measure;
  readonly signal: AbortSignal;
  readonly readBody: boolean;
}

async function runLoops(
  { job: { gatewayUrl, connections }, measure, signal, readBody }: Loops,
  prepare: () => { readonly request: Post; readonly take: (answer: Answered) => void },
): Promise<void> {
  const timeouts = { headersTimeout: ANSWER_TIMEOUT_MS, bodyTimeout: ANSWER_TIMEOUT_MS };
  const pool = new Pool(gatewayUrl, { connections, pipelining: 1, ...timeouts });
  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      const { request, take } = prepare();
      const start = performance.now();
      try {
        take(await post(pool, request, readBody));
        measure.took(performance.now() - start);
      } catch (error) {
        measure.failed(error instanceof Error ? error.message : String(error));
        await wait(PAUSE_AFTER_FAILURE_MS);
      }
    }
  };
  await Promise.all(Array.from({ length: connections }, loop));
  await pool.close();
}

/** A line of a batch's answer carries the status the payment would have had alone. */
function countLines({ status, body }: Answered, measure: Measure): void {
  if (status >= 300) {
    measure.answered(status);
    return;
  }
  for (const line of body.split('\n')) {
    const found = /"status":\s*(?<status>\d{3})/.exec(line)?.groups?.['status'];
    if (line !== '') measure.answered(Number(found ?? 0));
  }
}
