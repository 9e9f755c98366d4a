// Makes kafkajs clients that can be thrown away for good: each has its own sockets, and none survives it.
import net from 'node:net';
import tls from 'node:tls';
import type { Kafka, KafkaConfig, SASLOptions } from 'kafkajs';
import type { Logger } from '@paystream/telemetry';
import { kafkajs } from './kafkajs-patches.ts';

/** Below the session timeout: a connection that is half open is noticed before the group gives our partitions away. */
const REQUEST_TIMEOUT_MS = 5_000;
const CONNECT_TIMEOUT_MS = 2_000;
const KEEP_ALIVE_DELAY_MS = 10_000;
const SIZE_BYTES = 4;
/** Back-to-back transactions sleep the first of these: 300 ms (the default) is 45 transactions/s, 5 ms is 315. */
export const CLUSTER_RETRY = { initialRetryTime: 5, maxRetryTime: 500, retries: 20 };

export interface Address {
  host: string;
  port: number;
}

export interface ClientSettings {
  brokers: readonly string[];
  ssl?: boolean | undefined;
  sasl?: { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; username: string; password: string } | undefined;
  clientId: string;
  logger: Logger;
  /** Told of every request that leaves, by its API key in Kafka's protocol. */
  onRequest?: ((apiKey: number) => void) | undefined;
  /** Where to connect instead of the address a broker advertises: tunnels, and the tests' fault proxy. */
  mapAddress?: ((advertised: Address) => Address) | undefined;
}

export interface Client {
  kafka: Kafka;
  /**
   * Destroys every socket; new ones are made when needed. To be called at each request timeout: kafkajs tries again on the
   * same connection, which may be half open, and takes 22 s and more to give it up.
   */
  disconnect(): void;
  /** Destroys every socket, now and for ever. What was under way fails; nothing of it can reach a broker any more. */
  kill(): void;
}

/** A client of its own: kafkajs shares offsets and retries between the users of one object, so nobody shares one. */
export function createClient(settings: ClientSettings): Client {
  const sockets = new Set<net.Socket>();
  let killed = false;
  const { mapAddress = (address: Address) => address, onRequest } = settings;

  const socketFactory: KafkaConfig['socketFactory'] = ({ host, port, ssl, onConnect }) => {
    if (killed) return deadSocket();
    const address = mapAddress({ host, port });
    // A certificate is for the name the broker goes by, whatever way leads there.
    const socket = ssl
      ? tls.connect({ ...address, ...(net.isIP(host) ? {} : { servername: host }), ...ssl }, onConnect)
      : net.connect(address, onConnect);
    if (onRequest !== undefined) tellOfRequests(socket, onRequest);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_DELAY_MS);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    return socket;
  };

  const kafka = new kafkajs.Kafka({
    brokers: [...settings.brokers],
    clientId: settings.clientId,
    ssl: settings.ssl ?? false,
    // Same members; kafkajs' type wants the mechanism known beforehand.
    ...(settings.sasl === undefined ? {} : { sasl: settings.sasl as SASLOptions }),
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    retry: CLUSTER_RETRY,
    socketFactory,
    logLevel: kafkajs.logLevel.WARN,
    logCreator: () => logTo(settings.logger),
  });
  const disconnect = (): void => {
    // With an error, or kafkajs would not hear of it: it does not listen for 'close'.
    for (const socket of sockets) socket.destroy(new Error('the connection was given up'));
  };
  return {
    kafka,
    disconnect,
    kill: () => {
      killed = true;
      disconnect();
    },
  };
}

/** kafkajs writes each request in one piece: its size in four bytes, then its API key in two. */
function tellOfRequests(socket: net.Socket, onRequest: (apiKey: number) => void): void {
  const write = socket.write.bind(socket) as (data: Buffer, encoding: 'binary') => boolean;
  // As kafkajs calls it, and nothing else has this socket.
  socket.write = ((data: Buffer, encoding: 'binary') => {
    onRequest(data.readInt16BE(SIZE_BYTES));
    return write(data, encoding);
  }) as net.Socket['write'];
}

/** kafkajs calls every passing trouble an error; whether one matters is decided, and logged, by us. */
function logTo(logger: Logger): (entry: { namespace: string; log: { message: string } }) => void {
  return ({ namespace, log }) => logger.debug({ client: namespace }, log.message);
}

function deadSocket(): net.Socket {
  const socket = new net.Socket();
  setImmediate(() => socket.destroy(new Error('this client has been thrown away')));
  return socket;
}
