// `paystream tail`: prints a topic's records, decoded, as they arrive.

import { once } from 'node:events';
import type { IncomingRecord, Messaging } from '@paystream/messaging';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { connectMessaging } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { CliError } from '../context.ts';
import { recordToJson, schemaTopicOf } from '../tail/record-to-json.ts';

interface Options {
  readonly fromBeginning?: boolean;
  readonly limit?: number;
  readonly filter?: string;
  /** False with --no-follow. */
  readonly follow: boolean;
}

export function registerTail(program: Command, context: CliContext): void {
  program
    .command('tail')
    .description('print the records of a topic, decoded, one line of JSON each, as they arrive')
    .argument('<topic>', 'for example payment.settled')
    .option('--from-beginning', 'begin with the first record of the topic, not with the next')
    .option('--no-follow', 'end when everything that is there now has been printed')
    .option('--limit <number>', 'end after so many records', parseLimit)
    .option('--filter <key>', 'print only records with this key, for example a customer id')
    .addHelpText('after', HELP)
    .action((topic: string, options: Options) => tail(context, topic, options));
}

const HELP = `
Ctrl-C ends it. Amounts are minor units, times are microseconds since 1970.

Examples:
  $ npx paystream tail payment.settled
  $ npx paystream tail payment.requested --from-beginning --limit 3
  $ npx paystream tail payment.settled --from-beginning --no-follow | jq .value.status
  $ npx paystream tail payment.processed.accounts.dlq --from-beginning
`;

async function tail(context: CliContext, topic: string, options: Options): Promise<void> {
  const messaging = await connectMessaging(await context.readStack(), context.environment);
  try {
    const topics = await messaging.admin.topics();
    if (!topics.includes(topic)) {
      throw new CliError(`There is no topic ${topic}. There are:\n  ${topics.toSorted().join('\n  ')}`);
    }
    await follow(context, messaging, topic, options);
  } finally {
    await messaging.close();
  }
}

async function follow(context: CliContext, messaging: Messaging, topic: string, options: Options): Promise<void> {
  const enough = Promise.withResolvers<void>();
  let printed = 0;
  const print = async (records: readonly IncomingRecord[]): Promise<void> => {
    const wanted = records.filter(({ key }) => options.filter === undefined || key?.toString() === options.filter);
    const schemaTopic = schemaTopicOf(topic);
    if (schemaTopic !== null) await messaging.codec.prepare(schemaTopic, wanted);
    for (const record of wanted) {
      if (options.limit !== undefined && printed >= options.limit) return;
      context.json(recordToJson(messaging, record));
      printed += 1;
      if (printed === options.limit) enough.resolve();
    }
    // A pipe that reads slowly slows us down, not our memory.
    if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
  };
  const stop = (): void => enough.resolve();
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const isWhole = options.fromBeginning === true || !options.follow;
  const follower = await messaging.follow({ topics: [topic], from: isWhole ? 'earliest' : 'latest', onRecords: print });
  try {
    await Promise.race(options.follow ? [enough.promise] : [enough.promise, follower.caughtUp]);
  } finally {
    await follower.stop();
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

function parseLimit(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('It must be a whole number from 1.');
}
