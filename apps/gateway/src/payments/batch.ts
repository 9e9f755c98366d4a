// Runs a batch: lines go to the same intake as single requests, in step with the room it has; results keep the order.
import type { Readable } from 'node:stream';
import type { Line } from '@paystream/http';
import { BODY_BYTES_MAX, errors, HttpError, problemOf, readLines } from '@paystream/http';
import type { Caller } from '../access/authenticate.ts';
import type { GatewayContext } from '../context.ts';
import type { AcceptedAnswer } from './accept.ts';
import { toLineClaim } from './batch-line.ts';
import { createOrderedResults } from './ordered-results.ts';
import type { ResultStream } from './result-stream.ts';
import { createWindow } from './window.ts';

const LINES_MAX = 10_000;
/** Of the whole body: all of it may be in the intake, or wait for outcomes, at once. */
const BATCH_MEBIBYTES_MAX = 16;
const BYTES_PER_MEBIBYTE = 1_048_576;
/** Lines of one batch in the intake at once. Sixteen batches of them leave room in it for single requests. */
const CLAIMS_AT_ONCE_MAX = 500;

const LIMITS = {
  lineBytesMax: BODY_BYTES_MAX,
  linesMax: LINES_MAX,
  bytesMax: BATCH_MEBIBYTES_MAX * BYTES_PER_MEBIBYTE,
} as const;

export interface BatchOptions {
  context: GatewayContext;
  caller: Caller;
  requestId: string;
  traceparent: string | null;
  /** For the whole batch, from its first line. */
  waitMs: number;
  lines: Readable;
  /** Takes result lines, several at a time, in the order of the lines. */
  results: Pick<ResultStream, 'write' | 'room'>;
}

/** Resolves when every line has its result. Rejects when the lines could not be read to their end, or nobody takes the results. */
export async function runBatch(options: BatchOptions): Promise<void> {
  const { context, waitMs, requestId } = options;
  const results = createOrderedResults(options.results.write);
  const window = createWindow(CLAIMS_AT_ONCE_MAX);
  const endMs = Date.now() + waitMs;

  const take = async (line: Line) => {
    const number = results.reserve();
    const refuse = (error: HttpError) => results.put(number, refusalLine(number, error, requestId));
    try {
      const claim = toLineClaim(bytesOf(line), options);
      if (window.isFull()) await window.opens();
      context.acceptance.accept(claim, {
        waitMs: Math.max(0, endMs - Date.now()),
        onClaimed: window.leave,
        reply: (answer) => {
          if (answer instanceof HttpError) refuse(answer);
          else results.put(number, answerLine(number, answer));
        },
      });
      window.enter();
    } catch (error) {
      if (!(error instanceof HttpError)) context.logger.error({ err: error }, 'a line met an unexpected fault');
      refuse(error instanceof HttpError ? error : new HttpError('internal'));
    }
  };

  for await (const group of readLines(options.lines, LIMITS)) {
    for (const line of group) {
      await options.results.room();
      await take(line);
    }
  }
  await results.complete();
}

function bytesOf(line: Line): Buffer {
  switch (line.kind) {
    case 'line':
      return line.bytes;
    case 'too_long':
      throw new HttpError('body_too_large', { detail: `A line has at most ${BODY_BYTES_MAX} bytes.` });
    case 'too_many':
      throw new HttpError('body_too_large', {
        detail: `A batch has at most ${LINES_MAX} lines and ${BATCH_MEBIBYTES_MAX} MiB; the rest was not read.`,
      });
    default:
      return line satisfies never;
  }
}

function answerLine(number: number, { status, replayed, json }: AcceptedAnswer): string {
  return `{"line":${number},"status":${status},"replayed":${replayed},"payment":${json},"error":null}\n`;
}

function refusalLine(number: number, { code, details }: HttpError, requestId: string): string {
  const error = JSON.stringify(problemOf(code, details, requestId));
  return `{"line":${number},"status":${errors[code].status},"replayed":false,"payment":null,"error":${error}}\n`;
}
