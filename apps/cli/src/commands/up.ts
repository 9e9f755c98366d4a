/** `paystream up`: starts everything and stays until it is told to stop. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStackFolder, removeOutsideHome, StackError } from '@paystream/stack';
import type { StackFolder } from '@paystream/stack';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { CliError } from '../context.ts';
import type { CliContext } from '../context.ts';
import { firstRun } from '../supervisor/first-run.ts';
import { startStack } from '../supervisor/start-stack.ts';
import type { RunningStack } from '../supervisor/start-stack.ts';
import { welcome } from '../supervisor/welcome.ts';

interface Options {
  readonly instances: number;
  readonly fresh?: boolean;
  readonly load: boolean;
  readonly anyPorts?: boolean;
}

const INSTANCES_MAX = 16;
const STOP_MS_MAX = 40_000;
/** Everything that is data; fetched programs and nothing else stay. */
const DATA = ['kafka', 'postgres', 'kafka.properties', 'secrets.json', 'state.json', 'logs', 'stack.json'];

const HELP = `
Services come from addresses in the environment (KAFKA_BROKERS, SCHEMA_REGISTRY_URL and a database URL per app), else
they run as local processes (Java 17 or newer with Maven), else in Docker. Data rests in .paystream, or in the folder
that PAYSTREAM_FOLDER names. The sample purchases are not sent to services from the environment.
Usual ports that are taken are avoided; GATEWAY_PORT, PAYSTREAM_KAFKA_PORT,
PAYSTREAM_REGISTRY_PORT, PAYSTREAM_POSTGRES_PORT and MAIL_CATCHER_PORT fix them.

Examples:
  $ npx paystream up
  $ npx paystream up --instances 2 --fresh
`;

export function registerUp(program: Command, context: CliContext): void {
  program
    .command('up')
    .description(
      'start broker, registry, database and apps, and stay until stopped; the first time, send local ones real purchases',
    )
    .option('--instances <number>', 'how many of each app', parseInstances, 1)
    .option('--fresh', 'drop all local data first')
    .option('--no-load', 'do not send the sample purchases on the first run')
    .option('--any-ports', 'take any free ports instead of the usual ones')
    .addHelpText('after', HELP)
    .action((options: Options) => up(context, options));
}

async function up(context: CliContext, options: Options): Promise<void> {
  const stopping = stopRequests();
  const folder = await openFolder(context);
  let running: RunningStack | null = null;
  try {
    if (options.fresh === true) dropData(context);
    running = await startStack({
      folder,
      cacheFolder: join(fileURLToPath(context.projectFolder), '.paystream', 'cache'),
      projectFolder: context.projectFolder,
      environment: context.environment,
      instances: options.instances,
      ports: options.anyPorts === true ? 'any' : 'usual',
      log: context.out,
      signal: stopping,
    });
    if (options.load) await firstRunOrReason(context, running, stopping);
    for (const line of welcome(running, context)) context.out(line);
    await aborted(stopping);
  } catch (error) {
    // What was interrupted did not fail.
    if (!stopping.aborted) throw error instanceof StackError ? new CliError(error.message) : error;
  } finally {
    await stop(context, folder, running);
  }
}

/** A load that fails leaves a stack that runs and can be looked at. */
async function firstRunOrReason(context: CliContext, running: RunningStack, signal: AbortSignal): Promise<void> {
  try {
    await firstRun(context, running, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    context.out(`The first run was not finished, and is tried again at the next start: ${String(error)}`);
  }
}

async function openFolder({ stackFolder, out }: CliContext): Promise<StackFolder> {
  try {
    return await openStackFolder({ path: stackFolder, log: out });
  } catch (error) {
    throw error instanceof StackError ? new CliError(error.message) : error;
  }
}

/** Aborted by the first request to stop: a signal, or the end of the process that launched us. */
function stopRequests(): AbortSignal {
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  process.on('disconnect', stop);
  return stopping.signal;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

async function stop(context: CliContext, folder: StackFolder, running: RunningStack | null): Promise<void> {
  if (running === null) return folder.release();
  context.out('Stopping …');
  // Whatever does not end by then is ended by the guardian, which sees us go without a goodbye.
  setTimeout(() => process.exit(1), STOP_MS_MAX).unref();
  await running.stop();
  folder.release();
  context.out('Stopped.');
}

function dropData({ stackFolder, environment, out }: CliContext): void {
  if (environment.KAFKA_BROKERS) {
    throw new CliError(
      '--fresh drops local data, and KAFKA_BROKERS says that yours is elsewhere: leave one of them out.',
    );
  }
  out('Dropping all local data.');
  removeOutsideHome(stackFolder);
  for (const name of DATA) rmSync(join(stackFolder, name), { recursive: true, force: true });
}

function parseInstances(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= INSTANCES_MAX) return value;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${INSTANCES_MAX}.`);
}
