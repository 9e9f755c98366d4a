// Turns whatever was thrown into the error object and writes it; what is our own fault is logged and stays inside.
import type { ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from '@paystream/telemetry';
import type { FastifyReply } from 'fastify';
import type { ErrorCode } from './errors.ts';
import { errors, HttpError, problemOf } from './errors.ts';

const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** What Fastify itself throws, by its code. */
const FRAMEWORK_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_EMPTY_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'request_malformed',
  FST_ERR_BAD_URL: 'request_malformed',
  FST_ERR_PARAM_TOO_LONG: 'route_not_found',
};

export interface RefusalContext {
  logger: Logger;
  translateError?(error: unknown): HttpError | undefined;
}

/** The refusal an error means. One that nobody foresaw is `internal`, and is logged with its cause. */
export function refusalOf(error: unknown, { logger, translateError }: RefusalContext): HttpError {
  if (error instanceof HttpError) return error;
  const framework = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const code = FRAMEWORK_CODES[framework];
  if (code !== undefined) return new HttpError(code);
  const translated = translateError?.(error);
  if (translated !== undefined) return translated;
  if (isClientsFault(error)) return new HttpError('request_malformed');
  logger.error({ err: error }, 'a request met an unexpected fault');
  return new HttpError('internal');
}

/** Writes the error object, with Retry-After where waiting helps. */
export function writeRefusal(reply: FastifyReply, { code, details }: HttpError, requestId: string): void {
  const problem = problemOf(code, details, requestId);
  if (problem.retry_after_ms !== null) reply.header('retry-after', secondsOf(problem.retry_after_ms));
  // The rest of the body may yet come, or never; no other request can follow it.
  if (problem.status === 408) reply.header('connection', 'close');
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  void reply.code(problem.status).header('content-type', PROBLEM_TYPE).send(JSON.stringify(problem));
}

/** Retry-After counts whole seconds; none at all would invite the whole herd back at once. */
function secondsOf(milliseconds: number): string {
  return String(Math.max(1, Math.ceil(milliseconds / 1_000)));
}

const SOCKET_CODES: Readonly<Record<string, ErrorCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
  HPE_HEADER_OVERFLOW: 'headers_too_large',
};

/** Answers what never became a request: broken HTTP, headers without end, a client that sends too slowly. */
export function writeSocketRefusal(error: Error, socket: Socket): void {
  if (socket.destroyed || !socket.writable) return;
  if (isAnswerBegun(socket)) {
    // A refusal in the middle of an answer would be read as part of it; an answer that is cut is seen to be cut.
    socket.destroy();
    return;
  }
  const code = SOCKET_CODES['code' in error ? String(error.code) : ''] ?? 'request_malformed';
  const body = JSON.stringify(problemOf(code, {}, null));
  const { status } = errors[code];
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      `Content-Type: ${PROBLEM_TYPE}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

/** Node keeps the answer being written on its socket and has no public name for it. */
function isAnswerBegun(socket: Socket & { _httpMessage?: ServerResponse | null }): boolean {
  return socket._httpMessage?.headersSent === true;
}

function isClientsFault(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return false;
  return typeof error.statusCode === 'number' && error.statusCode >= 400 && error.statusCode < 500;
}
