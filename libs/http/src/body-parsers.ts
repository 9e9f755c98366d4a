// Decides which bodies are read at all: UTF-8 JSON up to a size, or a stream of lines where a route asks for one.
import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HttpError } from './errors.ts';
import { parseJson } from './json.ts';

const LINES_TYPES = ['application/x-ndjson', 'application/ndjson', 'application/jsonl'];

/** Replaces Fastify's own parsers; a type that is not here is 415, and so is a body that is packed. */
export function addBodyParsers(app: FastifyInstance, bodyBytesMax: number): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: bodyBytesMax },
    (request, body: Buffer, done) => {
      if (bodyKindOf(request) === 'lines' || isPacked(request)) done(new HttpError('unsupported_media_type'));
      else parseBody(body, done);
    },
  );
  app.addContentTypeParser(LINES_TYPES, (request, payload, done) => {
    if (bodyKindOf(request) === 'lines' && !isPacked(request)) done(null, payload);
    else done(new HttpError('unsupported_media_type'));
  });
}

function parseBody(body: Buffer, done: (error: Error | null, body?: unknown) => void): void {
  if (!isUtf8(body)) {
    done(new HttpError('json_invalid', { detail: 'The body is not valid UTF-8.' }));
    return;
  }
  const parsed = parseJson(body.toString());
  if (parsed.ok) done(null, parsed);
  else done(new HttpError('json_invalid'));
}

/** Nothing is unpacked here: what is small on the way may be large in memory. */
function isPacked({ headers: { 'content-encoding': coding = 'identity' } }: FastifyRequest): boolean {
  return coding.toLowerCase() !== 'identity';
}

function bodyKindOf(request: FastifyRequest): unknown {
  return Reflect.get(request.routeOptions.config, 'bodyKind');
}
