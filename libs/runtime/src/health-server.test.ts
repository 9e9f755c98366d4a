// Probes and scrapers get what the app says about itself.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startHealthServer } from './health-server.ts';
import type { HealthServer } from './health-server.ts';

let server: HealthServer;
let ready = false;

beforeEach(async () => {
  ready = false;
  server = await startHealthServer({
    port: 0,
    live: () => true,
    ready: () => ready,
    metrics: { text: () => Promise.resolve('example 1\n'), contentType: 'text/plain; version=0.0.4' },
  });
});

afterEach(() => server.close());

it('says live, and ready only while it is', async () => {
  expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
  expect((await fetch(`${server.url}/health/ready`)).status).toBe(503);
  ready = true;
  const response = await fetch(`${server.url}/health/ready?verbose`);
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: 'ok' });
});

it('serves the metrics', async () => {
  const response = await fetch(`${server.url}/metrics`);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4');
  expect(await response.text()).toBe('example 1\n');
});

it('knows nothing else', async () => {
  expect((await fetch(`${server.url}/`)).status).toBe(404);
});

it('refuses a port that is taken, with the reason', async () => {
  const port = Number(new URL(server.url).port);
  const metrics = { text: () => Promise.resolve(''), contentType: 'text/plain' };
  await expect(startHealthServer({ port, live: () => true, ready: () => true, metrics })).rejects.toThrow('EADDRINUSE');
});
