// Decides how long a client may take over a body: as a whole where it is read at once, between pieces where it is lines.
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpError } from './errors.ts';
import { writeRefusal } from './refusal.ts';

/** Ends a body that has not arrived in this time with 408, and one that is still coming after its answer with the connection. */
export function limitBodyTime(request: FastifyRequest, reply: FastifyReply, limitMs: number): void {
  const { raw } = request;
  if (!announcesBody(raw)) return;
  const startClock = () => {
    const clock = setTimeout(() => giveUp(request, reply), limitMs);
    clock.unref();
    raw.once('end', () => clearTimeout(clock)).once('close', () => clearTimeout(clock));
  };
  if (Reflect.get(request.routeOptions.config, 'bodyKind') !== 'lines') {
    startClock();
    return;
  }
  // Lines have a clock of their own while they are read. What was answered before its end is read to the end and
  // dropped: closing at once would take the answer from a client that is still sending.
  reply.raw.once('finish', () => {
    if (raw.complete) return;
    startClock();
    raw.resume();
  });
}

/**
 * The body of lines, ended with `request_timeout` when its client sends nothing for `idleMs` while there is room for more; time
 * in which the reader takes nothing does not count. Leaving it unread leaves the connection alone.
 */
export function limitIdleTime(request: FastifyRequest, reply: FastifyReply, idleMs: number): Readable {
  const source = request.raw;
  let clock: NodeJS.Timeout | undefined;
  const restart = () => {
    clearTimeout(clock);
    clock = setTimeout(() => {
      body.destroy(new HttpError('request_timeout'));
      // Before its first byte an answer can still become the refusal that the reader of the body hands on.
      if (reply.raw.headersSent) source.destroy();
    }, idleMs);
  };
  const onData = (piece: Buffer) => {
    if (body.push(piece)) {
      restart();
      return;
    }
    clearTimeout(clock);
    source.pause();
  };
  const body = new Readable({
    read: () => {
      if (source.readableEnded) return;
      restart();
      source.resume();
    },
    destroy: (error, done) => {
      clearTimeout(clock);
      source.off('data', onData);
      // After the answer the rest is being dropped; see limitBodyTime.
      if (!reply.raw.writableFinished) source.pause();
      done(error);
    },
  });
  // Whoever reads hears of it; nobody reading any more is no fault.
  body.on('error', () => undefined);
  source.on('error', (error) => body.destroy(error));
  source.once('close', () => {
    if (!source.readableEnded) body.destroy();
  });
  source.once('end', () => {
    clearTimeout(clock);
    if (!body.destroyed) body.push(null);
  });
  reply.raw.once('finish', () => body.destroy());
  source.on('data', onData).pause();
  return body;
}

function announcesBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function giveUp(request: FastifyRequest, reply: FastifyReply): void {
  if (request.raw.complete) return;
  if (reply.sent || reply.raw.headersSent) request.raw.destroy();
  else writeRefusal(reply, new HttpError('request_timeout'), request.id);
}
