// Serves an app's health and metrics to probes and scrapers, and nothing else.
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HealthServerOptions {
  /** 0 takes any free port. */
  port: number;
  /** Loopback unless said otherwise. */
  host?: string;
  /** False when only a new process can help: the supervisor restarts it. */
  live: () => boolean | Promise<boolean>;
  /** False while work cannot be taken: starting, or a store is away. */
  ready: () => boolean | Promise<boolean>;
  metrics: { text(): Promise<string>; contentType: string };
}

export interface HealthServer {
  url: string;
  close(): Promise<void>;
}

/** @throws the listening error of node:net, e.g. EADDRINUSE */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const { port, host = '127.0.0.1' } = options;
  const server = createServer((request, response) => {
    answer(request.url ?? '/', options, response).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, resolve);
  });
  // A server that listens on TCP has such an address.
  const address = server.address() as AddressInfo;
  return {
    url: `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(url: string, options: HealthServerOptions, response: ServerResponse): Promise<void> {
  const [path] = url.split('?');
  if (path === '/metrics') {
    const text = await options.metrics.text();
    response.writeHead(200, { 'content-type': options.metrics.contentType }).end(text);
    return;
  }
  if (path !== '/health/live' && path !== '/health/ready') {
    response.writeHead(404).end();
    return;
  }
  const good = await (path === '/health/live' ? options.live() : options.ready());
  response.writeHead(good ? 200 : 503, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ status: good ? 'ok' : 'unavailable' }));
}
