// Runs an open loop: requests leave when they are due, whether or not earlier ones were answered.

import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'undici';
import type { GeneratorAnswer, OpenLoopJob } from './generator-jobs.ts';
import { startMeasure } from './measure.ts';
import { createPayments, singleBody, singleHeaders } from './payments.ts';
import { post } from './post.ts';

/** As long as a gateway waits for a final outcome. */
const WAIT_SECONDS = 5;
/** More requests than this are never in the air: the wait's length at the highest rate anybody asks for. */
const CONNECTIONS_MAX = 1_024;
const ANSWER_TIMEOUT_MS = 30_000;

/**
 * Latency counts from the moment a request was due, not from when it was sent: if we or the gateway stall, every request
 * due meanwhile has waited, and leaving that out ("coordinated omission") would flatter the figures.
 */
export async function runOpenLoop(job: OpenLoopJob): Promise<GeneratorAnswer> {
  const next = createPayments(job.targets, job.keyPrefix);
  const timeouts = { headersTimeout: ANSWER_TIMEOUT_MS, bodyTimeout: ANSWER_TIMEOUT_MS };
  const pool = new Pool(job.gatewayUrl, { connections: CONNECTIONS_MAX, pipelining: 1, ...timeouts });
  const measure = startMeasure();
  const total = Math.round(job.seconds * job.perSecond);
  const intervalMs = 1_000 / job.perSecond;

  const send = async (dueMs: number): Promise<void> => {
    const payment = next();
    const request = { path: '/v1/payments', headers: singleHeaders(payment, WAIT_SECONDS), body: singleBody(payment) };
    try {
      const { status } = await post(pool, request, false);
      measure.took(performance.now() - dueMs);
      measure.answered(status);
    } catch (error) {
      measure.failed(error instanceof Error ? error.message : String(error));
    }
  };

  const sent: Promise<void>[] = [];
  const start = performance.now();
  while (sent.length < total) {
    const dueMs = start + sent.length * intervalMs;
    const early = dueMs - performance.now();
    if (early > 0) await wait(early);
    // A timer that fires late finds several due; they leave together and each counts from its own time.
    sent.push(send(dueMs));
  }
  await Promise.all(sent);
  await pool.close();
  return measure.finish();
}
