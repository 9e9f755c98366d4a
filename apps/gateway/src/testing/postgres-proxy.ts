// Stands between a gateway and its database, counts what is asked, and cuts the line at a chosen moment.
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

export interface PostgresProxy {
  /** The database's URL by way of the proxy. */
  url: string;
  /** The next reply to a statement of this name is lost, and its connection with it. */
  loseReplyTo(statement: string): void;
  /** Counts from now on what is sent with one of these statements in it. */
  count(statements: readonly string[]): () => number;
  /** Cuts every connection and refuses new ones. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

export async function startPostgresProxy(databaseUrl: string): Promise<PostgresProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let loses: string | null = null;
  const counters: { statements: readonly string[]; count: number }[] = [];
  let isCut = false;

  const server = createServer((client) => {
    if (isCut) {
      client.destroy();
      return;
    }
    const upstream = connect(Number(target.port), target.hostname);
    let losing = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (chunk) => {
      for (const counter of counters) {
        if (counter.statements.some((statement) => chunk.includes(statement))) counter.count += 1;
      }
      if (loses !== null && chunk.includes(loses)) {
        losing = true;
        loses = null;
      }
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      // The server answers when it has committed.
      if (losing) client.destroy();
      else client.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.port = String((server.address() as AddressInfo).port); // a server that listens on TCP has such an address
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    loseReplyTo: (statement) => {
      loses = statement;
    },
    count: (statements) => {
      const counter = { statements, count: 0 };
      counters.push(counter);
      return () => counter.count;
    },
    cut,
    mend: () => {
      isCut = false;
    },
    close: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
