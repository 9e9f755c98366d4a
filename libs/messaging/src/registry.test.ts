// A registry that takes a connection and then says nothing is one that is away, not one to wait for.
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { expect, test } from 'vitest';
import { RegistryUnavailableError, createRegistry } from './registry.ts';

test('a look-up ends when the registry accepts but never answers', { timeout: 30_000 }, async () => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    // A server that listens on TCP has this kind of address.
    const { port } = server.address() as AddressInfo;
    const registry = createRegistry({ url: `http://127.0.0.1:${port}`, clientId: 'test' });
    await expect(registry.typeOf(1)).rejects.toThrow(RegistryUnavailableError);
    expect(sockets.size).toBeGreaterThan(0);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
});
