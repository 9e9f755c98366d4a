// Speaks HTTPS with a certificate pair from files, and nothing older than TLS 1.2.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, createMetrics } from '@paystream/telemetry';
import { selfSignedPair } from '@paystream/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HttpServer, Principal } from './index.ts';
import { createHttpServer } from './index.ts';

let folder: string;
let server: HttpServer;
let url: string;
let ca: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paystream-tls-'));
  const { cert, key } = selfSignedPair('localhost');
  ca = cert;
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await Promise.all([writeFile(certFile, cert), writeFile(keyFile, key)]);
  server = await createHttpServer<Principal>({
    routes: [],
    document: { title: 'Things', version: '1', description: '' },
    authenticate: () => ({ keyId: 'k', scopes: new Set() }),
    requestsPerKeyMax: 1,
    host: '127.0.0.1',
    port: 0,
    tls: { certFile, keyFile },
    logger: createLogger({ name: 'http', level: 'silent' }),
    metrics: createMetrics({ app: 'http' }),
  });
  url = await server.listen();
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

function get(options: object): Promise<{ status: number | undefined; transport: unknown }> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/openapi.json`, { ca, servername: 'localhost', ...options }, (response) => {
      response.resume();
      resolve({ status: response.statusCode, transport: response.headers['strict-transport-security'] });
    });
    sent.on('error', reject);
    sent.end();
  });
}

test('answers over TLS and asks to stay there', async () => {
  expect(url).toMatch(/^https:/);
  expect(await get({})).toMatchObject({ status: 200, transport: expect.stringContaining('max-age') });
});

test('refuses TLS 1.1', async () => {
  await expect(get({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })).rejects.toThrow(/protocol|version|alert/i);
});

test('does not start without its files, and says which', async () => {
  await expect(
    createHttpServer<Principal>({
      routes: [],
      document: { title: 'Things', version: '1', description: '' },
      authenticate: () => ({ keyId: 'k', scopes: new Set() }),
      requestsPerKeyMax: 1,
      host: '127.0.0.1',
      port: 0,
      tls: { certFile: join(folder, 'none.pem'), keyFile: join(folder, 'none.pem') },
      logger: createLogger({ name: 'http', level: 'silent' }),
      metrics: createMetrics({ app: 'http' }),
    }),
  ).rejects.toThrow('none.pem');
});
