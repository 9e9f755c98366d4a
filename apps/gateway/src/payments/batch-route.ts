// The route that takes many payments at once: a line each, answered in the order they came as soon as each is decided.
import type { Readable } from 'node:stream';
import type { HttpRequest, Route } from '@paystream/http';
import { CLOSED, defineStreamedRoute, HttpError, nullable, ProblemSchema, waitMsOf } from '@paystream/http';
import { Type } from 'typebox';
import type { Caller } from '../access/authenticate.ts';
import type { GatewayContext } from '../context.ts';
import { traceparentOf } from '../traceparent.ts';
import { runBatch } from './batch.ts';
import { BatchLine } from './batch-line.ts';
import { PaymentObject } from './model.ts';
import { OPERATION_HEADERS } from './operation-routes.ts';
import { createResultStream } from './result-stream.ts';

/** Batches under way at once; each holds results in memory until they are read. */
const BATCHES_MAX = 16;

const BatchResult = Type.Object(
  {
    line: Type.Integer({ description: 'From 1; empty lines are not counted' }),
    status: Type.Integer({ description: 'The status the payment would have had alone' }),
    replayed: Type.Boolean(),
    payment: nullable(PaymentObject),
    error: nullable(ProblemSchema),
  },
  CLOSED,
);

export function batchRoute(context: GatewayContext): Route<Caller> {
  let batches = 0;
  return defineStreamedRoute({
    method: 'POST',
    path: '/v1/payments/batch',
    summary: 'Ask for many payments: up to 10,000 lines of JSON in, a line of result for each in the same order',
    access: { scope: 'payments:write' },
    headers: { prefer: OPERATION_HEADERS.prefer, traceparent: OPERATION_HEADERS.traceparent },
    line: BatchLine,
    answers: {
      200: { description: 'A result per line', schema: BatchResult, contentType: 'application/x-ndjson' },
    },
    handle: (request: HttpRequest<Caller, Readable>) => {
      if (batches >= BATCHES_MAX) throw new HttpError('overloaded', { detail: 'Too many batches at once.' });
      batches += 1;
      const results = createResultStream();
      const running = runBatch({
        context,
        caller: request.principal,
        requestId: request.id,
        traceparent: traceparentOf(request.header('traceparent')),
        waitMs: waitMsOf(request.header('prefer')),
        lines: request.body,
        results,
      }).then(results.end, (error: unknown) => {
        // What was accepted stays accepted, and its key tells what became of it. The answer is cut, not ended: the
        // client must not take the results it has for all there are.
        context.logger.info({ err: error }, 'a batch ended before its last line');
        results.stream.destroy(error instanceof Error ? error : new Error('a batch failed', { cause: error }));
      });
      // Until the last result is read, or never will be, and nothing of the batch is under way.
      void Promise.all([running, results.closed]).finally(() => {
        batches -= 1;
      });
      return { status: 200, content: results.stream, contentType: 'application/x-ndjson; charset=utf-8' };
    },
  });
}
