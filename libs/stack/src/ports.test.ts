/** Ports of others are respected, and the user's own choice is never replaced silently. */

import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { anyFreePort, choosePort, fixedPort } from './ports.ts';

async function takenPort(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  // A TCP server that listens has an address of this kind.
  return (server.address() as AddressInfo).port;
}

test.each(['127.0.0.1', '0.0.0.0'])('a usual port that somebody has on %s is avoided', async (host) => {
  const usual = await takenPort(host);
  const chosen = await choosePort({ what: 'Kafka', usual });
  expect(chosen).not.toBe(usual);
  expect(chosen).toBeGreaterThan(0);
});

test('a usual port that is free is taken, and not promised twice', async () => {
  const usual = (await takenPort('127.0.0.1')) === 45_871 ? 45_872 : 45_871;
  expect(await choosePort({ what: 'Kafka', usual })).toBe(usual);
  expect(await choosePort({ what: 'PostgreSQL', usual })).not.toBe(usual);
});

test('a fixed port that is taken is a sentence that names the variable', async () => {
  const port = await takenPort('127.0.0.1');
  const wish = { what: 'the gateway', usual: 8080, fixed: { port, variable: 'GATEWAY_PORT' } };
  await expect(choosePort(wish)).rejects.toThrow(`Port ${port} for the gateway (GATEWAY_PORT) is taken`);
});

test('a fixed port of 0 means any', async () => {
  expect(await choosePort({ what: 'the gateway', usual: 0, fixed: fixedPort({ P: '0' }, 'P') })).toBeGreaterThan(0);
});

test.each(['eighty', '-1', '65536', '80.5'])('%s is no port', (text) => {
  expect(() => fixedPort({ GATEWAY_PORT: text }, 'GATEWAY_PORT')).toThrow('GATEWAY_PORT must be a port');
});

test('free ports are never given out twice', async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, anyFreePort));
  expect(new Set(ports).size).toBe(ports.length);
});
