/** `paystream status`: which processes run, how long each topic is, and how far its readers are. */

import { lockHolder } from '@paystream/stack';
import Table from 'cli-table3';
import type { Command } from 'commander';
import { Agent, request } from 'undici';
import type { Dispatcher } from 'undici';
import { connectMessaging } from '../connect.ts';
import { CliError } from '../context.ts';
import type { CliContext, StackFile } from '../context.ts';
import { gatewayTrust } from '../load/gateway-trust.ts';

interface Options {
  readonly json?: boolean;
}

interface ProcessStatus {
  readonly name: string;
  readonly pid: number | null;
  /** `ready`, `not ready`, `running` (it has no health address), or `ended`. */
  readonly state: string;
  readonly url: string | null;
}

interface TopicStatus {
  readonly topic: string;
  readonly partitions: number;
  /** Sum over the partitions of the offset after the last committed record. */
  readonly end_offset: bigint;
}

interface GroupStatus {
  readonly group: string;
  readonly topic: string;
  /** Records still to be read. */
  readonly lag: bigint;
}

/** Consumer groups and what they read. */
const GROUPS = [
  ['processor', 'payment.requested'],
  ['processor-provider-events', 'provider.event'],
  ['accounts', 'payment.processed'],
  ['gateway-status', 'payment.settled'],
  ['gateway-progress', 'payment.progressed'],
  ['notifier', 'customer.notification'],
] as const;
const HEALTH_MS_MAX = 2_000;
const DEAD_LETTERS = /\.dlq$/;
const EXIT_LOG_UNREADABLE = 1;

export function registerStatus(program: Command, context: CliContext): void {
  program
    .command('status')
    .description('show processes, topics and the lag of each reader')
    .option('--json', 'print it as one JSON object')
    .action((options: Options) => status(context, options));
}

async function status(context: CliContext, { json }: Options): Promise<void> {
  const stack = await context.readStack();
  if (lockHolder(context.stackFolder) === null) {
    throw new CliError('What ran here was killed. `npx paystream down` clears up; `npx paystream up` starts it again.');
  }
  const processes = await processStatus(stack);
  // What is down is just what this is asked for: the processes are shown although the log cannot be read.
  const log = await logStatus(stack, context.environment).catch(unreadableLog);
  const status = { processes, ...log };
  if (json === true) context.json({ source: stack.source, gateway_url: stack.gateway_url, ...status });
  else printStatus(context, status);
  if (log.log_error !== null) process.exitCode = EXIT_LOG_UNREADABLE;
}

function unreadableLog(error: unknown): LogStatus {
  return { topics: [], groups: [], log_error: error instanceof Error ? error.message : String(error) };
}

interface LogStatus {
  readonly topics: readonly TopicStatus[];
  readonly groups: readonly GroupStatus[];
  /** Why the log could not be read; null when it could. */
  readonly log_error: string | null;
}

interface Status extends LogStatus {
  readonly processes: readonly ProcessStatus[];
}

async function processStatus(stack: StackFile): Promise<ProcessStatus[]> {
  const dispatcher = new Agent({ connect: gatewayTrust(stack.gateway_certificate_file) });
  try {
    return await Promise.all(
      Object.entries(stack.pids).map(async ([name, pid]) => {
        const url = stack.health_urls[name] ?? null;
        return { name, pid, url, state: isAlive(pid) ? await health(url, dispatcher) : 'ended' };
      }),
    );
  } finally {
    await dispatcher.destroy();
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It is there, and belongs to somebody else: PostgreSQL under root does.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function health(url: string | null, dispatcher: Dispatcher): Promise<string> {
  if (url === null) return 'running';
  try {
    const signal = AbortSignal.timeout(HEALTH_MS_MAX);
    const { statusCode, body } = await request(`${url}/health/ready`, { dispatcher, signal });
    await body.dump();
    return statusCode === 200 ? 'ready' : 'not ready';
  } catch {
    return 'not ready';
  }
}

async function logStatus(stack: StackFile, environment: NodeJS.ProcessEnv): Promise<LogStatus> {
  const messaging = await connectMessaging(stack, environment);
  try {
    const { admin } = messaging;
    const topics: TopicStatus[] = [];
    for (const topic of await admin.topics()) {
      const ends = await admin.endOffsets(topic);
      topics.push({ topic, partitions: ends.length, end_offset: sum(ends) });
    }
    const groups: GroupStatus[] = [];
    for (const [group, topic] of GROUPS) groups.push({ group, topic, lag: sum(await admin.lag(group, topic)) });
    return { topics, groups, log_error: null };
  } finally {
    await messaging.close();
  }
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}

function printStatus({ out, colours }: CliContext, { processes, topics, groups, log_error: error }: Status): void {
  const table = (head: string[], rows: string[][]): void => {
    const lines = new Table({ head, chars: NO_BORDERS, style: colours ? PLAIN_CELLS : { ...PLAIN_CELLS, head: [] } });
    lines.push(...rows);
    out(`${lines.toString()}\n`);
  };
  table(
    ['process', 'pid', 'state', 'address'],
    processes.map(({ name, pid, state, url }) => [name, `${pid ?? ''}`, state, url ?? '']),
  );
  if (error !== null) {
    out(`The log cannot be read: ${error}`);
    return;
  }
  // A dead letter topic is worth a line when it holds something.
  const shown = topics.filter(({ topic, end_offset: end }) => end > 0n || !DEAD_LETTERS.test(topic));
  table(
    ['topic', 'partitions', 'end offset'],
    shown.map(({ topic, partitions, end_offset: end }) => [topic, `${partitions}`, `${end}`]),
  );
  table(
    ['reader', 'topic', 'lag'],
    groups.map(({ group, topic, lag }) => [group, topic, `${lag}`]),
  );
}

const PLAIN_CELLS = { 'padding-left': 0, 'padding-right': 2, head: ['bold'] };
const NO_BORDERS = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '' },
};
