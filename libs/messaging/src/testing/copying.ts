// Gives tests of a loop that copies one topic to another its topics, its disturbances, and when to look.
import { randomUUID } from 'node:crypto';
import { waitFor } from '@paystream/runtime';
import { testServices } from '@paystream/testkit';
import type { MessagingContext } from '../context.ts';
import { createPublisher } from '../publisher.ts';
import type { Batch, OutgoingRecord } from '../types.ts';
import type { Child, LoopOptions } from './child.ts';
import { startLoop } from './child.ts';
import type { FaultProxy } from './fault-proxy.ts';
import { startFaultProxy } from './fault-proxy.ts';
import type { ScratchTopics } from './scratch-topics.ts';
import { createScratchTopics, firsts, texts } from './scratch-topics.ts';

export interface Pair {
  input: string;
  output: string;
  groupId: string;
}

export interface Copying {
  topics: ScratchTopics;
  /** Topics `<name>-in` and `<name>-out`, the input with these records in it. */
  pair(partitions: number, list: (input: string) => OutgoingRecord[]): Promise<Pair>;
  publish(list: readonly OutgoingRecord[]): Promise<void>;
  /** Resolves when the group has nothing left to read. */
  untilRead(pair: Pair, deadlineMs?: number): Promise<void>;
  /** Resolves when the output has a record of each of the input's. */
  untilWritten(pair: Pair, deadlineMs?: number): Promise<void>;
  /** The input's texts, and those of the output without what repeats an earlier one of its partition. */
  textsOf(pair: Pair): Promise<{ asked: string[]; firsts: string[] }>;
  /** A client that reaches the brokers through a proxy. */
  throughProxy(): Promise<{ proxy: FaultProxy; context: MessagingContext }>;
  /** The loop in a process of its own. */
  startChild(options: Omit<LoopOptions, 'topics' | 'loop'>): Child;
  close(): Promise<void>;
}

const DEADLINE_MS = 30_000;

export function createCopying(): Copying {
  const topics = createScratchTopics();
  const { admin, names } = topics.context;
  const proxies: FaultProxy[] = [];
  const children: Child[] = [];

  const publish = async (list: readonly OutgoingRecord[]): Promise<void> => {
    const publisher = createPublisher(topics.context);
    await publisher.publish(list);
    await publisher.close();
  };
  const count = async (topic: string): Promise<bigint> =>
    (await admin.bounds(names.topic(topic))).reduce((sum, { end }) => sum + end, 0n);
  const isWritten = async ({ input, output }: Pair): Promise<boolean> => {
    if ((await count(output)) < (await count(input))) return false;
    return firsts(await topics.readAll(output)).length >= (await topics.readAll(input)).length;
  };
  const isRead = async ({ input, groupId }: Pair): Promise<boolean> => {
    const committed = await admin.committed(names.group(groupId), names.topic(input));
    const bounds = await admin.bounds(names.topic(input));
    return bounds.every(({ start, end }, partition) => end === start || committed[partition] === end);
  };

  return {
    topics,
    publish,
    pair: async (partitions, list) => {
      const name = randomUUID().slice(0, 8);
      const pair = { input: `${name}-in`, output: `${name}-out`, groupId: `${name}-group` };
      await topics.create({ [pair.input]: partitions, [pair.output]: partitions });
      await publish(list(pair.input));
      return pair;
    },
    untilRead: async (pair, deadlineMs = DEADLINE_MS) => {
      await waitFor(() => isRead(pair), { what: `${pair.groupId} to read ${pair.input}`, deadlineMs });
    },
    untilWritten: async (pair, deadlineMs = DEADLINE_MS) => {
      await waitFor(() => isWritten(pair), { what: `${pair.input} to be written to ${pair.output}`, deadlineMs });
    },
    textsOf: async ({ input, output }) => ({
      asked: texts(await topics.readAll(input)),
      firsts: texts(firsts(await topics.readAll(output))),
    }),
    throughProxy: async () => {
      const proxy = await startFaultProxy(testServices().kafkaBrokers);
      proxies.push(proxy);
      return { proxy, context: topics.contextWith({ mapAddress: proxy.mapAddress }) };
    },
    startChild: (options) => {
      const child = startLoop({ topics, loop: 'transform', ...options });
      children.push(child);
      return child;
    },
    close: async () => {
      await Promise.all(children.map((child) => child.stop()));
      await topics.close();
      await Promise.all(proxies.map((proxy) => proxy.close()));
    },
  };
}

/** A transform that copies each record to the partition it comes from. */
export function copyTo(output: string): (batch: Batch) => Promise<OutgoingRecord[]> {
  return (batch) => Promise.resolve(batch.records.map((record) => ({ ...record, topic: output })));
}
