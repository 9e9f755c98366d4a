// Sends bodies too slowly, sends half of them, goes away in the middle, and reads too slowly what comes back.
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { createLogger, createMetrics } from '@paystream/telemetry';
import { Type } from 'typebox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HttpServer, Principal } from './index.ts';
import { createHttpServer, defineRoute, defineStreamedRoute } from './index.ts';

const LIMIT_MS = 150;
const Body = Type.Object({}, { additionalProperties: false });
const lookUps: (() => void)[] = [];
let server: HttpServer;
let url: string;
/** Lets the route below read on. */
let readOn: (() => void) | undefined;

beforeAll(async () => {
  const answers = { 200: { description: 'The thing', schema: Body } };
  server = await createHttpServer<Principal>({
    routes: [
      defineRoute({
        ...{ method: 'POST', path: '/things', summary: 'Make a thing', answers },
        access: { scope: null },
        body: Body,
        handle: () => ({ status: 200, value: {} }),
      }),
      defineStreamedRoute({
        ...{ method: 'POST', path: '/lines', summary: 'Echo', answers },
        access: 'public',
        line: Body,
        handle: ({ body }) => {
          const echo = new PassThrough();
          body.on('error', (error) => echo.destroy(error)).pipe(echo);
          return { status: 200, content: echo, contentType: 'application/x-ndjson' };
        },
      }),
      defineStreamedRoute({
        ...{ method: 'POST', path: '/paused', summary: 'Echo, when told', answers },
        access: 'public',
        line: Body,
        handle: ({ body }) => {
          const echo = new PassThrough();
          body.on('error', (error) => echo.destroy(error));
          readOn = () => body.pipe(echo);
          return { status: 200, content: echo, contentType: 'application/x-ndjson' };
        },
      }),
    ],
    document: { title: 'Things', version: '1', description: '' },
    authenticate: (key) => {
      const principal = { keyId: key, scopes: new Set<string>() };
      return key === 'slow' ? new Promise((resolve) => lookUps.push(() => resolve(principal))) : principal;
    },
    ...{ requestsPerKeyMax: 1, bodyTimeMsMax: LIMIT_MS, linesIdleMsMax: LIMIT_MS, host: '127.0.0.1', port: 0 },
    logger: createLogger({ name: 'http', level: 'silent' }),
    metrics: createMetrics({ app: 'http' }),
  });
  url = await server.listen();
});

afterAll(() => server.close());

function open(): { socket: Socket; heard: () => string; closed: Promise<void> } {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let heard = '';
  socket.on('data', (piece) => {
    heard += piece.toString();
  });
  socket.on('error', () => undefined);
  return { socket, heard: () => heard, closed: new Promise((resolve) => socket.once('close', () => resolve())) };
}

const head = (path: string, fields: string) => `POST ${path} HTTP/1.1\r\nHost: x\r\n${fields}\r\n\r\n`;
const LINES = 'Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked';
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;

test('a client that goes away while its key is looked up takes no place for ever', async () => {
  const { socket, closed } = open();
  socket.write(head('/things', 'Authorization: Bearer slow\r\nContent-Type: application/json\r\nContent-Length: 2'));
  await expect.poll(() => lookUps.length).toBe(1);
  socket.destroy();
  await closed;
  // Another request is answered after the server has heard of it.
  await fetch(`${url}/openapi.json`).then((response) => response.text());
  lookUps.splice(0)[0]?.();
  const answer = fetch(`${url}/things`, {
    method: 'POST',
    headers: { authorization: 'Bearer slow', 'content-type': 'application/json' },
    body: '{}',
  });
  await expect.poll(() => lookUps.length).toBe(1);
  lookUps.splice(0)[0]?.();
  expect((await answer).status).toBe(200);
});

test('a JSON body that does not come to its end is 408, and its connection ends', async () => {
  const { socket, heard, closed } = open();
  socket.write(`${head('/things', 'Authorization: Bearer k\r\nContent-Type: application/json\r\nContent-Length: 9')}{`);
  await closed;
  expect(heard()).toContain('HTTP/1.1 408');
  expect(heard()).toContain('"code":"request_timeout"');
});

test('a body that is refused before it is read holds its connection no longer', async () => {
  const { socket, heard, closed } = open();
  socket.write(`${head('/things', 'Content-Type: application/json\r\nContent-Length: 9')}{`);
  await closed;
  expect(heard()).toContain('HTTP/1.1 401');
});

test('lines that never begin are 408', async () => {
  const { socket, heard, closed } = open();
  socket.write(head('/lines', LINES));
  await closed;
  expect(heard()).toContain('HTTP/1.1 408');
});

test('lines may take longer together than one may be waited for; when none comes the answer is cut', async () => {
  const { socket, heard, closed } = open();
  socket.write(head('/lines', LINES));
  for (let number = 1; number <= 8; number++) {
    socket.write(chunk(`{"n":${number}}\n`));
    await expect.poll(() => heard()).toContain(`{"n":${number}}`);
    // The subject is time: each line comes well within the limit, on a busy machine too, all of them together do not.
    await new Promise((resolve) => setTimeout(resolve, LIMIT_MS / 4));
  }
  await closed;
  expect(heard()).toContain('HTTP/1.1 200');
  expect(heard()).not.toContain('408');
  expect(heard().endsWith('0\r\n\r\n')).toBe(false);
});

test('time in which nobody reads the lines does not count', async () => {
  const line = `{"text":"${'x'.repeat(999)}"}\n`;
  const body = line.repeat(1_000);
  const answer = fetch(`${url}/paused`, { method: 'POST', headers: { 'content-type': 'application/x-ndjson' }, body });
  await expect.poll(() => readOn).toBeDefined();
  // The subject is time: longer than the limit passes while nobody reads.
  await new Promise((resolve) => setTimeout(resolve, LIMIT_MS * 3));
  readOn?.();
  expect(await (await answer).text()).toBe(body);
});

test('what breaks in the middle of an answer cuts it, and writes no refusal into it', async () => {
  const { socket, heard, closed } = open();
  socket.write(head('/lines', LINES) + chunk('{"n":1}\n'));
  await expect.poll(() => heard()).toContain('{"n":1}');
  socket.write('this is no chunk\r\n');
  await closed;
  expect(heard().match(/HTTP\/1\.1/g)).toHaveLength(1);
  expect(heard()).not.toContain('problem+json');
});
