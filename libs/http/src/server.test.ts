// Knocks at the door in every wrong way there is.
import { connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { createLogger, createMetrics } from '@paystream/telemetry';
import { Type } from 'typebox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HttpServer, Principal } from './index.ts';
import { BODY_BYTES_MAX, createHttpServer, defineRoute, defineStreamedRoute, HttpError } from './index.ts';

const logLines: string[] = [];
let server: HttpServer;
let url: string;
let release: (() => void) | undefined;
const waiting: (() => void)[] = [];

const Body = Type.Object(
  { amount: Type.Integer(), text: Type.Optional(Type.String()) },
  { additionalProperties: false },
);

beforeAll(async () => {
  server = await createHttpServer<Principal>({
    routes: [
      defineRoute({
        method: 'POST',
        path: '/things',
        summary: 'Make a thing',
        access: { scope: 'write' },
        body: Body,
        answers: { 201: { description: 'The thing', schema: Body } },
        handle: ({ body }) => ({ status: 201, value: { amount: BigInt(body.amount) } }),
      }),
      defineRoute({
        method: 'GET',
        path: '/things/:id',
        summary: 'Show it',
        access: 'public',
        answers: { 200: { description: 'The thing', schema: Body } },
        handle: ({ params }) => {
          if (params['id'] === 'broken') throw new Error('secret detail of the inside');
          if (params['id'] !== 'slow') throw new HttpError('object_not_found');
          return new Promise((resolve) => {
            release = () => resolve({ status: 200, value: { amount: 1 } });
          });
        },
      }),
      defineRoute({
        method: 'GET',
        path: '/waits',
        summary: 'Answer when told',
        access: { scope: null },
        answers: { 200: { description: 'The thing', schema: Body } },
        handle: () => new Promise((resolve) => waiting.push(() => resolve({ status: 200, value: { amount: 1 } }))),
      }),
      defineStreamedRoute({
        method: 'POST',
        path: '/lines',
        summary: 'Echo',
        access: 'public',
        line: Body,
        answers: { 200: { description: 'Lines', schema: Body, contentType: 'application/x-ndjson' } },
        handle: ({ body }) => ({
          status: 200,
          content: body.pipe(new PassThrough()),
          contentType: 'application/x-ndjson',
        }),
      }),
    ],
    document: { title: 'Things', version: '1', description: '' },
    authenticate: (key) => {
      if (key === 'nobody') throw new HttpError('api_key_invalid');
      return { keyId: key, scopes: new Set(key === 'reader' ? [] : ['write']) };
    },
    requestsPerKeyMax: 2,
    host: '127.0.0.1',
    port: 0,
    logger: createLogger({ name: 'http', level: 'info', destination: { write: (line) => logLines.push(line) } }),
    metrics: createMetrics({ app: 'http' }),
  });
  url = await server.listen();
});

afterAll(() => server.close());

const JSON_HEADERS = { authorization: 'Bearer k', 'content-type': 'application/json' };

test.each([
  ['no key', { 'content-type': 'application/json' }, '{}', 401, 'authentication_required'],
  ['another scheme', { ...JSON_HEADERS, authorization: 'Basic abc' }, '{}', 401, 'authentication_required'],
  ["nobody's key", { ...JSON_HEADERS, authorization: 'Bearer nobody' }, '{}', 401, 'api_key_invalid'],
  ['a key without the scope', { ...JSON_HEADERS, authorization: 'Bearer reader' }, '{}', 403, 'permission_denied'],
  ['another type of body', { ...JSON_HEADERS, 'content-type': 'text/plain' }, '{}', 415, 'unsupported_media_type'],
  [
    'lines where JSON is asked',
    { ...JSON_HEADERS, 'content-type': 'application/x-ndjson' },
    '{}',
    415,
    'unsupported_media_type',
  ],
  ['a packed body', { ...JSON_HEADERS, 'content-encoding': 'gzip' }, '{}', 415, 'unsupported_media_type'],
  ['broken JSON', JSON_HEADERS, '{"amount":', 400, 'json_invalid'],
  ['an empty body', JSON_HEADERS, '', 400, 'json_invalid'],
  ['a body too long', JSON_HEADERS, `{"text":"${'x'.repeat(BODY_BYTES_MAX)}"}`, 413, 'body_too_large'],
  ['bytes that are not UTF-8', JSON_HEADERS, Buffer.from([0x22, 0xff, 0x22]), 400, 'json_invalid'],
  ['a wrong type', JSON_HEADERS, '{"amount":"1"}', 400, 'parameter_type_invalid'],
  ['a prototype in disguise', JSON_HEADERS, '{"amount":1,"__proto__":{}}', 400, 'parameter_unknown'],
])('refuses %s', async (_what, headers, payload, status, code) => {
  const response = await server.inject({ method: 'POST', url: '/things', headers, payload });
  expect(response.json()).toMatchObject({ status, code });
  expect(response.statusCode).toBe(status);
  expect(response.headers['content-type']).toContain('application/problem+json');
});

test('answers with a request id, bigints as integers and headers that forbid guessing', async () => {
  const response = await server.inject({
    method: 'POST',
    url: '/things',
    headers: JSON_HEADERS,
    payload: '{"amount":5}',
  });
  expect(response.statusCode).toBe(201);
  expect(response.body).toBe('{"amount":5}');
  expect(response.headers['request-id']).toMatch(/^req_[0-9a-f]{32}$/);
  expect(response.headers['x-content-type-options']).toBe('nosniff');
});

test.each([
  ['GET', '/nowhere', 404, 'route_not_found'],
  ['GET', '/things', 405, 'method_not_allowed'],
  ['DELETE', '/things/1', 405, 'method_not_allowed'],
  ['GET', '/things/1', 404, 'object_not_found'],
  ['GET', '/things/%zz', 400, 'request_malformed'],
] as const)('%s %s is %i', async (method, path, status, code) => {
  const response = await server.inject({ method, url: path });
  expect(response.json()).toMatchObject({ status, code });
});

test('a wrong method is told the right ones', async () => {
  expect((await server.inject({ method: 'GET', url: '/things?a=b' })).headers['allow']).toBe('POST');
  expect((await server.inject({ method: 'PUT', url: '/openapi.json' })).headers['allow']).toBe('GET');
  expect((await server.inject({ method: 'GET', url: '/nowhere' })).headers['allow']).toBeUndefined();
});

test('keeps a fault of its own inside, and logs it', async () => {
  const response = await server.inject({ method: 'GET', url: '/things/broken' });
  expect(response.json()).toMatchObject({ status: 500, code: 'internal' });
  expect(response.body).not.toContain('secret detail');
  expect(logLines.join('')).toContain('secret detail');
});

test('streams lines through', async () => {
  const response = await fetch(`${url}/lines`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: '{"amount":1}\n{"amount":2}\n',
  });
  expect(await response.text()).toBe('{"amount":1}\n{"amount":2}\n');
});

test('takes no more of a key at once than it may have, until one is answered', async () => {
  const ask = () => server.inject({ method: 'GET', url: '/waits', headers: JSON_HEADERS });
  const [first, second] = [ask(), ask()];
  await expect.poll(() => waiting.length).toBe(2);
  const third = await ask();
  expect(third.json()).toMatchObject({ status: 429, code: 'too_many_requests', retryable: true });
  expect(third.headers['retry-after']).toBe('1');
  for (const answer of waiting.splice(0)) answer();
  expect((await Promise.all([first, second])).map(({ statusCode }) => statusCode)).toEqual([200, 200]);
  const fourth = ask();
  await expect.poll(() => waiting.length).toBe(1);
  waiting.splice(0)[0]?.();
  expect((await fourth).statusCode).toBe(200);
});

test('the document describes every route, with closed bodies and the error object', () => {
  const document = JSON.stringify(server.document());
  expect(document).toContain('"/things/{id}"');
  expect(document).toContain('"/openapi.json"');
  expect(document).toContain('"additionalProperties":false');
  expect(document).toContain('application/problem+json');
});

async function speak(text: string): Promise<string> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1');
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk.toString();
    });
    socket.on('end', () => resolve(heard));
    socket.on('error', reject);
    socket.write(text);
  });
}

test('answers what is not HTTP with the error object', async () => {
  const heard = await speak('HELLO\r\n\r\n');
  expect(heard).toContain('HTTP/1.1 400');
  expect(heard).toContain('"code":"request_malformed"');
});

test('ends headers that have no end', async () => {
  const heard = await speak(`GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`);
  expect(heard).toContain('"code":"headers_too_large"');
});

test('ends a client that sends its headers too slowly', { timeout: 15_000 }, async () => {
  const heard = await speak('GET / HTTP/1.1\r\nHost: x\r\n');
  expect(heard).toContain('"code":"request_timeout"');
});

test('finishes what is under way before it closes', async () => {
  const pending = fetch(`${url}/things/slow`);
  await expect.poll(() => release).toBeDefined();
  const closing = server.close();
  release?.();
  const response = await pending;
  expect(response.status).toBe(200);
  await closing;
  await expect(fetch(`${url}/things/slow`)).rejects.toThrow('fetch failed');
});
