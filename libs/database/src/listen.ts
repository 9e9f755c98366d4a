// Keeps one connection listening on a channel, opening it again whenever it is lost.
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from '@paystream/telemetry';
import type { ConnectionOptions } from './connection.ts';
import { connectionConfig } from './connection.ts';

const RECONNECT_WAIT_MS = 250;

export interface ListenOptions {
  connection: ConnectionOptions;
  channel: string;
  onNotification: (payload: string) => void;
  logger: Logger;
}

/** See `Database.listen`. */
export async function listenOn(options: ListenOptions): Promise<() => Promise<void>> {
  const stopping = new AbortController();
  let session = await openSession(options);
  const running = (async () => {
    while (!stopping.signal.aborted) {
      await session.lost;
      if (stopping.signal.aborted) return;
      options.logger.warn({ channel: options.channel }, 'the listening database connection was lost');
      session = await reopen(options, stopping.signal, session);
    }
  })();
  return async () => {
    stopping.abort();
    await session.end();
    await running;
  };
}

interface Session {
  /** Resolves when the connection is gone, whoever closed it. */
  lost: Promise<void>;
  end(): Promise<void>;
}

async function openSession({ connection, channel, onNotification }: ListenOptions): Promise<Session> {
  const client = new pg.Client(connectionConfig(connection));
  const lost = new Promise<void>((resolve) => {
    client.on('error', () => resolve());
    client.on('end', () => resolve());
  });
  client.on('notification', ({ payload }) => onNotification(payload ?? ''));
  const end = () => client.end().catch(() => undefined);
  try {
    await client.connect();
    await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
    return { lost, end };
  } catch (error) {
    await end();
    throw error;
  }
}

async function reopen(options: ListenOptions, signal: AbortSignal, last: Session): Promise<Session> {
  await last.end();
  while (!signal.aborted) {
    try {
      return await openSession(options);
    } catch {
      await wait(RECONNECT_WAIT_MS, undefined, { signal }).catch(() => undefined);
    }
  }
  return last;
}
