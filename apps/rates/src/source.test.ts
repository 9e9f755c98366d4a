// A file or an address is fetched when it is another than before, within bounds of time and size.
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createSource } from './source.ts';

const { signal } = new AbortController();
const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function served(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  // A server that listens on TCP has such an address.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/rates.csv`;
}

describe('a file', () => {
  async function aFile(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'rates-'));
    closing.push(() => rm(folder, { recursive: true }));
    return join(folder, 'rates.csv');
  }

  test('is given again until it was used, and then when it has changed', async () => {
    const path = await aFile();
    await writeFile(path, 'one');
    const source = createSource(path);
    expect((await source.fetch(signal))?.text).toBe('one');
    const again = await source.fetch(signal);
    expect(again?.text).toBe('one');
    again?.used();
    expect(await source.fetch(signal)).toBeNull();
    await writeFile(path, 'two');
    expect((await source.fetch(signal))?.text).toBe('two');
  });

  test('that is not there, or too large, is said so', async () => {
    const path = await aFile();
    await expect(createSource(path).fetch(signal)).rejects.toThrow('ENOENT');
    await writeFile(path, 'x'.repeat(101));
    await expect(createSource(path, { bytesMax: 100 }).fetch(signal)).rejects.toThrow('is larger than 100 bytes');
  });
});

describe('an address', () => {
  test('is asked with what its server said of the last answer that was used', async () => {
    const asked: IncomingMessage[] = [];
    const url = await served((request, response) => {
      asked.push(request);
      const isKnown = request.headers['if-none-match'] === '"7"';
      response.writeHead(isKnown ? 304 : 200, { etag: '"7"', 'last-modified': 'Fri, 30 Oct 2026 15:00:00 GMT' });
      response.end(isKnown ? undefined : 'rates');
    });
    const source = createSource(url);
    await source.fetch(signal);
    (await source.fetch(signal))?.used();
    expect(await source.fetch(signal)).toBeNull();
    expect(asked.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, undefined, '"7"']);
    expect(asked[2]?.headers['if-modified-since']).toBe('Fri, 30 Oct 2026 15:00:00 GMT');
  });

  test('that answers with an error is said so', async () => {
    const url = await served((_request, response) => response.writeHead(503).end('later'));
    await expect(createSource(url).fetch(signal)).rejects.toThrow(`${url} answers 503`);
  });

  test('that sends without end is left', async () => {
    const url = await served((_request, response) => {
      const more = (): void =>
        void (response.write('x'.repeat(1_000)) ? setImmediate(more) : response.once('drain', more));
      more();
    });
    await expect(createSource(url, { bytesMax: 100_000 }).fetch(signal)).rejects.toThrow('is larger than 100000 bytes');
  });

  test('that does not answer in time, or not to the end, is left', async () => {
    const silent = await served(() => undefined);
    await expect(createSource(silent, { deadlineMs: 50 }).fetch(signal)).rejects.toThrow(/timeout/i);
    const stalled = await served((_request, response) => response.write('Date,'));
    await expect(createSource(stalled, { deadlineMs: 50 }).fetch(signal)).rejects.toThrow(/timeout/i);
  });
});
