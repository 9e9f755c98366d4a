// Shows that the generator sends what it should, counts what it gets, and does not hide a stall, against real sockets.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runBatches, runClosedLoop } from './closed-loop.ts';
import type { GeneratorAnswer } from './generator-jobs.ts';
import { startMeasure } from './measure.ts';
import type { Measure } from './measure.ts';
import { runOpenLoop } from './open-loop.ts';

interface Seen {
  readonly path: string;
  readonly key: string | undefined;
  readonly authorization: string | undefined;
  readonly prefer: string | undefined;
  readonly body: string;
}

let close: (() => void) | null = null;
afterEach(() => close?.());

/** A gateway that answers each request as told; 201 unless said otherwise. */
async function serve(answer: (seen: Seen) => { status?: number; body?: string; delayMs?: number } = () => ({})) {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { authorization } = request.headers;
      const key = request.headers['idempotency-key'];
      const prefer = request.headers['prefer'];
      const one = {
        path: request.url ?? '',
        key: typeof key === 'string' ? key : undefined,
        prefer: typeof prefer === 'string' ? prefer : undefined,
        authorization,
        body,
      };
      seen.push(one);
      const { status = 201, body: text = '{}', delayMs = 0 } = answer(one);
      setTimeout(() => response.writeHead(status).end(text), delayMs);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  close = () => server.close();
  // Listening on a port, the address is not a pipe's name.
  return { gatewayUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

/** Runs a job until so many requests have come, and tells of all that was measured. */
async function measured(
  run: (measure: Measure, signal: AbortSignal) => Promise<void>,
  isEnough: () => boolean,
): Promise<GeneratorAnswer> {
  const measure = startMeasure();
  const stopped = new AbortController();
  const running = run(measure, stopped.signal);
  await vi.waitUntil(isEnough, { timeout: 10_000, interval: 1 });
  stopped.abort();
  await running;
  return measure.slice();
}

const targets = [
  { apiKey: 'one', customers: ['cus_1', 'cus_2'] },
  { apiKey: 'two', customers: ['cus_3'] },
];

describe('a closed loop', () => {
  it('takes merchants and customers in turn, each payment with a key of its own', async () => {
    const { gatewayUrl, seen } = await serve();
    const job = { gatewayUrl, targets, keyPrefix: 'k', kind: 'closed', connections: 4, waitSeconds: 0 } as const;
    const answer = await measured(
      (...given) => runClosedLoop(job, ...given),
      () => seen.length > 20,
    );
    expect(answer).toMatchObject({ accepted: seen.length, final: seen.length, trouble: {} });
    expect(new Set(seen.map(({ key }) => key)).size).toBe(seen.length);
    expect(new Set(seen.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer one', 'Bearer two']));
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ amount: 1_000, currency: 'USD', customer: 'cus_1' });
  });

  it('counts refusals apart', async () => {
    let requests = 0;
    const { gatewayUrl } = await serve(() => ({ status: (requests += 1) % 2 === 0 ? 429 : 202 }));
    const job = { gatewayUrl, targets, keyPrefix: 'k', kind: 'closed', connections: 1, waitSeconds: 0 } as const;
    const { accepted, final, trouble } = await measured(
      (...given) => runClosedLoop(job, ...given),
      () => requests > 4,
    );
    expect(final).toBe(0);
    expect(accepted).toBeGreaterThan(0);
    expect(trouble['429']).toBeGreaterThan(0);
  });
});

describe('batches', () => {
  it('carry the payments of one merchant, and each line of the answer is counted', async () => {
    const { gatewayUrl, seen } = await serve(({ body }) => {
      const lines = body.trim().split('\n');
      return { status: 200, body: lines.map((_, index) => `{"status":${index === 0 ? 422 : 202}}\n`).join('') };
    });
    const job = { gatewayUrl, targets, keyPrefix: 'k', kind: 'batch', linesPerRequest: 3, connections: 1 } as const;
    const { accepted, trouble } = await measured(
      (...given) => runBatches(job, ...given),
      () => seen.length > 4,
    );
    expect(accepted).toBe(seen.length * 2);
    expect(trouble).toEqual({ 422: seen.length });
    for (const { authorization, body } of seen) {
      const customers = body
        .trim()
        .split('\n')
        .map((line) => /cus_\d/.exec(line)?.[0]);
      expect(authorization === 'Bearer two').toBe(customers.every((customer) => customer === 'cus_3'));
    }
  });
});

it('asks to wait for the outcome as long as it is told', async () => {
  const { gatewayUrl, seen } = await serve();
  const job = { gatewayUrl, targets, keyPrefix: 'k', kind: 'closed', connections: 1, waitSeconds: 5 } as const;
  await measured(
    (...given) => runClosedLoop(job, ...given),
    () => seen.length > 0,
  );
  expect(seen[0]?.prefer).toBe('wait=5');
});

describe('an open loop', () => {
  it('sends all that is due, and counts a stall for everybody who was due meanwhile', async () => {
    let requests = 0;
    const { gatewayUrl } = await serve(() => {
      requests += 1;
      if (requests === 10) blockFor(200);
      return {};
    });
    const job = { gatewayUrl, targets, keyPrefix: 'k', kind: 'open', perSecond: 200 } as const;
    const { accepted, latencyMs } = await measured(
      (...given) => runOpenLoop(job, ...given),
      () => requests >= 100,
    );
    expect(accepted).toBe(requests);
    // The 99th of a hundred: one slow answer alone, as a closed loop would have counted it, does not reach it.
    expect(latencyMs.p99).toBeGreaterThan(150);
  });
});

/** Stops the whole process, server and generator, as a garbage collection would. */
function blockFor(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}
