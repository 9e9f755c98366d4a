// Stands between client and broker in tests and spoils what it is told to: replies that never come, connections half open.
import net from 'node:net';
import { once } from 'node:events';
import type { Address } from '../client.ts';

/** Kafka's numbers of the requests tests spoil. */
export const API = {
  produce: 0,
  fetch: 1,
  offsetCommit: 8,
  initProducerId: 22,
  endTxn: 26,
  txnOffsetCommit: 28,
} as const;

export interface FaultProxy {
  /** Leads a client here whatever address a broker advertises. */
  mapAddress: (advertised: Address) => Address;
  /** The next `times` requests of this kind reach the broker; instead of the reply the connection ends. */
  dropReplies(api: number, times: number): void;
  /** Requests of this kind wait here until released. Resolves when the first has come. */
  hold(api: number): { held: Promise<void>; release(): void };
  /** From now on nothing passes on the connections there are, in either direction; new ones work. */
  freeze(): void;
  /** Requests of this kind seen so far. */
  count(api: number): number;
  /** Replies dropped so far. */
  dropped(): number;
  close(): Promise<void>;
}

/** A proxy before the first of the brokers; for a cluster of one. */
export async function startFaultProxy(brokers: string): Promise<FaultProxy> {
  const [host = '', port = ''] = (brokers.split(',')[0] ?? '').split(':');
  const upstream = { host, port: Number(port) };
  const links = new Set<Link>();
  const counts = new Map<number, number>();
  const toDrop = new Map<number, number>();
  const holds = new Map<number, { seen(): void; released: Promise<void> }>();
  let dropped = 0;

  const server = net.createServer((client) => {
    const link: Link = { client, broker: net.connect(upstream), frozen: false, doomed: new Set() };
    links.add(link);
    const end = () => {
      links.delete(link);
      client.destroy();
      link.broker.destroy();
    };
    for (const socket of [client, link.broker]) {
      socket.setNoDelay(true);
      socket.on('error', end);
      socket.on('close', end);
    }
    forwardFrames(client, link, async (frame) => {
      const api = frame.readInt16BE(4);
      counts.set(api, (counts.get(api) ?? 0) + 1);
      const left = toDrop.get(api) ?? 0;
      if (left > 0) {
        toDrop.set(api, left - 1);
        link.doomed.add(frame.readInt32BE(8));
      }
      const hold = holds.get(api);
      if (hold !== undefined) {
        hold.seen();
        await hold.released;
      }
      if (!link.frozen) link.broker.write(frame);
    });
    forwardFrames(link.broker, link, async (frame) => {
      if (link.doomed.has(frame.readInt32BE(4))) {
        dropped++;
        end();
      } else if (!link.frozen) {
        client.write(frame);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on a port has an address of this form.
  const { port: ownPort } = server.address() as net.AddressInfo;

  return {
    mapAddress: () => ({ host: '127.0.0.1', port: ownPort }),
    dropReplies: (api, times) => void toDrop.set(api, times),
    hold: (api) => {
      const seen = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      holds.set(api, { seen: () => seen.resolve(), released: released.promise });
      return {
        held: seen.promise,
        release: () => {
          holds.delete(api);
          released.resolve();
        },
      };
    },
    freeze: () => {
      for (const link of links) link.frozen = true;
    },
    count: (api) => counts.get(api) ?? 0,
    dropped: () => dropped,
    close: async () => {
      for (const { client, broker } of links) {
        client.destroy();
        broker.destroy();
      }
      server.close();
      await once(server, 'close');
    },
  };
}

interface Link {
  client: net.Socket;
  broker: net.Socket;
  frozen: boolean;
  /** Correlation ids of requests whose reply is not to arrive. */
  doomed: Set<number>;
}

/** Cuts what arrives into frames (length, then bytes) and hands each, length included, to `onFrame`, one after another. */
function forwardFrames(from: net.Socket, link: Link, onFrame: (frame: Buffer) => Promise<void>): void {
  let pending = Buffer.alloc(0);
  let working: Promise<void> = Promise.resolve();
  from.on('data', (data: Buffer) => {
    pending = Buffer.concat([pending, data]);
    while (pending.length >= 4 && pending.length >= 4 + pending.readInt32BE(0)) {
      const frame = pending.subarray(0, 4 + pending.readInt32BE(0));
      pending = pending.subarray(frame.length);
      working = working.then(() => (link.client.destroyed ? undefined : onFrame(frame)));
    }
  });
}
