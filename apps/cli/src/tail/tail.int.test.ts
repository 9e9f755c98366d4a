// Tails real topics as the command line does: decoded, filtered, bounded, and with a sentence for what is not there.

import { aPaymentSettled, createTestMessaging, testServices } from '@paystream/testkit';
import type { TestMessaging } from '@paystream/testkit';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerTail } from '../commands/tail.ts';
import type { CliContext, StackFile } from '../context.ts';

const CUSTOMERS = ['cus_a', 'cus_b', 'cus_a'];

let log: TestMessaging;

beforeAll(async () => {
  log = await createTestMessaging({ partitions: 1 });
  const { codec, createPublisher } = log.messaging;
  const publisher = createPublisher();
  const place = { topic: 'payment.settled', partition: 0 };
  const records = CUSTOMERS.map((customerId) => ({
    ...place,
    key: Buffer.from(customerId),
    value: codec.encode('payment.settled', aPaymentSettled({ customerId, amountMinor: 2n ** 60n })),
    headers: { ce_type: 'payment.settled' },
  }));
  const garbage = { ...place, key: null, value: Buffer.from('garbage'), headers: {} };
  await publisher.publish([...records, garbage]);
  await publisher.close();
});

afterAll(async () => {
  await log.messaging.admin.deleteTopics();
  await log.close();
});

/** What `paystream tail …` prints, as values. */
async function tail(...parameters: string[]): Promise<unknown[]> {
  const services = testServices();
  const printed: unknown[] = [];
  const stack = {
    kafka_brokers: services.kafkaBrokers,
    kafka_topic_prefix: log.topicPrefix,
    schema_registry_url: services.schemaRegistryUrl,
  };
  const context: CliContext = {
    projectFolder: new URL('file:///'),
    stackFolder: '/',
    environment: {},
    // The command reads only the addresses of the log.
    readStack: () => Promise.resolve(stack as StackFile),
    colours: false,
    out: () => {},
    json: (value) => void printed.push(value),
  };
  const program = new Command();
  registerTail(program, context);
  await program.parseAsync(['tail', ...parameters], { from: 'user' });
  return printed;
}

describe('tail', () => {
  it('prints what is there, decoded, and says of the rest why it is not', async () => {
    const printed = await tail('payment.settled', '--no-follow');
    expect(printed).toHaveLength(4);
    expect(printed[0]).toMatchObject({
      topic: 'payment.settled',
      partition: 0,
      offset: 0n,
      key: 'cus_a',
      headers: { ce_type: 'payment.settled' },
      value: { customerId: 'cus_a', amountMinor: 2n ** 60n, status: 'succeeded' },
    });
    expect(printed[3]).toMatchObject({ value: null, value_base64: Buffer.from('garbage').toString('base64') });
    expect(printed[3]).toHaveProperty('undecodable');
  });

  it('follows until it has printed as many as asked', async () => {
    expect(await tail('payment.settled', '--from-beginning', '--limit', '2')).toHaveLength(2);
  });

  it('prints only the records of a key', async () => {
    const printed = await tail('payment.settled', '--no-follow', '--filter', 'cus_b');
    expect(printed).toEqual([expect.objectContaining({ key: 'cus_b', offset: 1n })]);
  });

  it('names the topics there are when asked for another', async () => {
    await expect(tail('payment.setled')).rejects.toThrow(/There is no topic payment\.setled\.[^]*payment\.settled/);
  });
});
