// Runs closed loops: so many connections, each sending its next request when the last was answered.

import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'undici';
import type { BatchJob, ClosedLoopJob, GeneratorAnswer } from './generator-jobs.ts';
import { startMeasure } from './measure.ts';
import { batchLine, createPayments, singleBody, singleHeaders } from './payments.ts';
import type { Answered, Post } from './post.ts';
import { post } from './post.ts';

/** The generator must notice a dead gateway before its own deadline. */
const ANSWER_TIMEOUT_MS = 30_000;
/** A gateway that refuses connections is not asked in a tight loop. */
const PAUSE_AFTER_FAILURE_MS = 20;

/** Single payments that do not wait for their outcome: what is measured is what goes through. */
export async function runClosedLoop(job: ClosedLoopJob): Promise<GeneratorAnswer> {
  const next = createPayments(job.targets, job.keyPrefix);
  const measure = startMeasure();
  await runLoops(job, measure.took, measure.failed, false, () => {
    const payment = next();
    const request = { path: '/v1/payments', headers: singleHeaders(payment, 0), body: singleBody(payment) };
    return { request, take: ({ status }) => measure.answered(status) };
  });
  return measure.finish();
}

/** Batches of payments of one merchant each. */
export async function runBatches(job: BatchJob): Promise<GeneratorAnswer> {
  // One source of payments per merchant: a request carries one key.
  const sources = job.targets.map((target, index) => createPayments([target], `${job.keyPrefix}-${index}`));
  const measure = startMeasure();
  let requests = 0;
  await runLoops(job, measure.took, measure.failed, true, () => {
    const next = sources[requests++ % sources.length];
    if (next === undefined) throw new Error('the benchmark has no merchants');
    const payments = Array.from({ length: job.linesPerRequest }, next);
    const { apiKey = '' } = payments[0] ?? {};
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/x-ndjson', prefer: 'wait=0' };
    const request = { path: '/v1/payments/batch', headers, body: payments.map(batchLine).join('') };
    return { request, take: (answer) => countLines(answer, measure) };
  });
  return measure.finish();
}

type Take = (answer: Answered) => void;

async function runLoops(
  { gatewayUrl, connections, seconds }: ClosedLoopJob | BatchJob,
  took: (milliseconds: number) => void,
  failed: (what: string) => void,
  readBody: boolean,
  prepare: () => { readonly request: Post; readonly take: Take },
): Promise<void> {
  const timeouts = { headersTimeout: ANSWER_TIMEOUT_MS, bodyTimeout: ANSWER_TIMEOUT_MS };
  const pool = new Pool(gatewayUrl, { connections, pipelining: 1, ...timeouts });
  const end = performance.now() + seconds * 1_000;
  const loop = async (): Promise<void> => {
    while (performance.now() < end) {
      const { request, take } = prepare();
      const start = performance.now();
      try {
        take(await post(pool, request, readBody));
        took(performance.now() - start);
      } catch (error) {
        failed(error instanceof Error ? error.message : String(error));
        await wait(PAUSE_AFTER_FAILURE_MS);
      }
    }
  };
  await Promise.all(Array.from({ length: connections }, loop));
  await pool.close();
}

/** A line of a batch's answer carries the status the payment would have had alone. */
function countLines({ status, body }: Answered, measure: { answered(status: number): void }): void {
  if (status >= 300) {
    measure.answered(status);
    return;
  }
  for (const line of body.split('\n')) {
    const found = /"status":\s*(?<status>\d{3})/.exec(line)?.groups?.['status'];
    if (line !== '') measure.answered(Number(found ?? 0));
  }
}
