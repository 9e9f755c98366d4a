// Asks for more batches than there may be, of clients that read nothing, and for a line that nobody foresaw.
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Answer } from '@paystream/http';
import { newId } from '@paystream/payments';
import { createLogger, createMetrics } from '@paystream/telemetry';
import { expect, test } from 'vitest';
import type { Caller } from '../access/authenticate.ts';
import type { GatewayContext } from '../context.ts';
import { batchRoute } from './batch-route.ts';

const caller: Caller = {
  ...{ keyId: 'key', scopes: new Set<string>(), merchantId: newId('mer'), environment: 'test' },
  ...{ merchantUuid: '00000000-0000-0000-0000-000000000000', merchantVersion: 1n },
};

/** The route alone: what these lines are refused for is found before anything else is asked. */
function createRoute() {
  const logLines: string[] = [];
  const context = {
    acceptance: {
      accept: () => {
        throw new Error('nobody foresaw this');
      },
    },
    logger: createLogger({ name: 'test', level: 'error', destination: { write: (line) => logLines.push(line) } }),
    metrics: createMetrics({ app: 'test' }),
  } as unknown as GatewayContext;
  const route = batchRoute(context);
  const ask = (lines: Iterable<string>): Readable => {
    const answer = route.handle({
      ...{ id: 'req_1', principal: caller, params: {}, query: undefined, header: () => undefined },
      body: Readable.from(Array.from(lines, (line) => Buffer.from(line))),
      numbersPlain: true,
    }) as Answer & { content: Readable }; // what this route answers
    return answer.content;
  };
  return { ask, logLines };
}

test('a batch takes its place until its results were read', async () => {
  const { ask } = createRoute();
  const asked = Array.from({ length: 16 }, () => ask(['{}\n']));
  const [first] = asked;
  await expect.poll(() => asked.every(({ readableLength }) => readableLength > 0)).toBe(true);
  await new Promise((resolve) => setImmediate(resolve));
  expect(() => ask(['{}\n'])).toThrow(expect.objectContaining({ code: 'overloaded' }));
  expect(await text(first ?? Readable.from([]))).toContain('"line":1');
  await expect.poll(() => text(ask(['{}\n']))).toContain('"line":1');
  // One that is never read to its end gives its place back when its client goes.
  asked[1]?.destroy();
  await new Promise((resolve) => setImmediate(resolve));
  expect(await text(ask(['{}\n']))).toContain('"line":1');
});

test('a line that meets an unforeseen fault fails alone, and is logged', async () => {
  const { ask, logLines } = createRoute();
  const good = { amount: 1, currency: 'USD', customer: newId('cus'), idempotency_key: 'k' };
  const results = (await text(ask([`${JSON.stringify(good)}\n`, '{}\n']))).trimEnd().split('\n');
  expect(results.map((result): unknown => JSON.parse(result))).toMatchObject([
    { line: 1, status: 500, error: { code: 'internal' } },
    { line: 2, status: 400 },
  ]);
  expect(logLines.join('')).toContain('nobody foresaw this');
});
