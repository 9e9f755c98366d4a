// Runs an open loop: requests leave when they are due, whether or not earlier ones were answered.

import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'undici';
import type { OpenLoopJob } from './generator-jobs.ts';
import type { Measure } from './measure.ts';
import { createPayments, singleBody, singleHeaders } from './payments.ts';
import { post } from './post.ts';

/** As long as a gateway waits for a final outcome. */
export const WAIT_SECONDS = 5;
/** More requests than this are never in the air: the wait's length at the highest rate anybody asks for. */
const CONNECTIONS_MAX = 1_024;
const ANSWER_TIMEOUT_MS = 30_000;

/**
 * Latency counts from the moment a request was due, not from when it was sent: if we or the gateway stall, every request
 * due meanwhile has waited, and leaving that out ("coordinated omission") would flatter the figures. Sends until the
 * signal, and resolves when the last request is answered.
 */
export async function runOpenLoop(job: OpenLoopJob, measure: Measure, signal: AbortSignal): Promise<void> {
  const next = createPayments(job.targets, job.keyPrefix);
  const timeouts = { headersTimeout: ANSWER_TIMEOUT_MS, bodyTimeout: ANSWER_TIMEOUT_MS };
  const pool = new Pool(job.gatewayUrl, { connections: CONNECTIONS_MAX, pipelining: 1, ...timeouts });
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

  const inTheAir = new Set<Promise<void>>();
  const start = performance.now();
  for (let count = 0; !signal.aborted; count += 1) {
    const dueMs = start + count * intervalMs;
    const early = dueMs - performance.now();
    if (early > 0) await wait(early);
    // A timer that fires late finds several due; they leave together and each counts from its own time.
    const sent = send(dueMs);
    inTheAir.add(sent);
    void sent.then(() => inTheAir.delete(sent));
  }
  await Promise.all(inTheAir);
  await pool.close();
}
