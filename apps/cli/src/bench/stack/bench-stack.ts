// Owns the benchmark's own stack: fresh services on free ports, and apps that can be stopped and started one by one.

import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStackFolder, removeOutsideHome, startServices } from '@paystream/stack';
import type { KeptService, Services, StackFolder } from '@paystream/stack';
import type { CliContext } from '../../context.ts';
import type { ProofAddresses } from '../../prove/run-proof.ts';
import type { AppPlan } from '../../supervisor/app-plan.ts';
import { gatewayEnvironment, planApps } from '../../supervisor/app-plan.ts';
import { runApp } from '../../supervisor/run-app.ts';
import { STATEMENT_COUNTER_SETTINGS } from '../counters/database-counters.ts';
import { createSandboxMerchant } from '../../supervisor/sandbox.ts';
import type { SandboxMerchant } from '../../supervisor/stack-state.ts';
import { applyTopics } from '../../supervisor/topics.ts';
import { ownEnvironment } from './own-environment.ts';

export interface BenchStack {
  readonly services: Services;
  readonly gatewayUrl: string;
  /** Of the topics of payments. */
  readonly partitions: number;
  /** Where a proof of this stack's books finds them. */
  readonly addresses: ProofAddresses;
  readonly createMerchant: () => Promise<SandboxMerchant>;
  /** Starts those of the named apps that do not run, or all. */
  readonly start: (names?: readonly string[]) => Promise<void>;
  /** Stops the apps and leaves the services. */
  readonly stopApps: () => Promise<void>;
  /** Process ids by name: services, running apps. */
  readonly pids: () => Record<string, number>;
  /** Where each app shows its metrics. */
  readonly appUrls: () => Record<string, string>;
  /** Stops everything and drops its data. */
  readonly stop: () => Promise<void>;
}

export interface BenchStackOptions {
  readonly context: CliContext;
  readonly partitions: number;
  readonly signal: AbortSignal;
}

export async function startBenchStack({ context, partitions, signal }: BenchStackOptions): Promise<BenchStack> {
  const path = join(context.stackFolder, 'bench');
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const folder = await openStackFolder({ path, log });
  try {
    // Only now: before, it could be the data of a benchmark that runs.
    removeLeftOvers(path);
    return await startIn({ context, partitions, folder, log, signal });
  } catch (error) {
    folder.release();
    throw error;
  }
}

interface Start extends BenchStackOptions {
  readonly folder: StackFolder;
  readonly log: (line: string) => void;
}

async function startIn({ context, partitions, folder, log, signal }: Start): Promise<BenchStack> {
  const { projectFolder } = context;
  const environment = ownEnvironment(context.environment);
  const cacheFolder = join(fileURLToPath(projectFolder), '.paystream', 'cache');
  const onRestart = (): void => log('A service of the benchmark was started again: the figures are not to be trusted.');
  const services = await startServices({
    ...{ folder, cacheFolder, environment, ports: 'any', log, onRestart, signal },
    postgresSettings: STATEMENT_COUNTER_SETTINGS,
  });
  const running = new Map<string, KeptService>();
  const stopApps = async (): Promise<void> => {
    const apps = [...running.values()];
    running.clear();
    await Promise.all(apps.map((app) => app.stop()));
  };
  try {
    await applyTopics({ services, environment, paymentPartitions: partitions });
    const options = { services, environment, instances: 1, ports: 'any' } as const;
    const plan = await planApps(options);
    return {
      services,
      gatewayUrl: plan.gatewayUrls[0] ?? '',
      partitions,
      addresses: {
        kafka_brokers: services.kafkaBrokers,
        kafka_topic_prefix: '',
        schema_registry_url: services.schemaRegistryUrl,
        databases: services.databases,
      },
      createMerchant: () => createSandboxMerchant({ projectFolder, environment: gatewayEnvironment(options), signal }),
      start: async (names) => {
        const wanted = appsOf(plan, names).filter(({ name }) => !running.has(name));
        const start = { folder, projectFolder, log, onRestart, signal };
        for (const app of await Promise.all(wanted.map((planned) => runApp({ app: planned, ...start })))) {
          running.set(app.name, app);
        }
      },
      stopApps,
      pids: () => ({
        ...services.pids,
        ...Object.fromEntries([...running].map(([name, app]) => [name, app.pid()])),
      }),
      appUrls: () =>
        Object.fromEntries(
          plan.apps.filter(({ name }) => running.has(name)).map(({ name, healthUrl }) => [name, healthUrl]),
        ),
      stop: async () => {
        await stopApps();
        await services.stop();
        removeData(folder.path);
        folder.release();
      },
    };
  } catch (error) {
    await services.stop();
    throw error;
  }
}

function appsOf(plan: AppPlan, names: readonly string[] | undefined): AppPlan['apps'] {
  return names === undefined ? plan.apps : plan.apps.filter(({ name }) => names.includes(name));
}

/** What the folder's owner keeps there while it has it. */
const OWN_FILES: ReadonlySet<string> = new Set(['running.lock', 'processes.json']);

function removeLeftOvers(path: string): void {
  removeOutsideHome(path);
  for (const name of readdirSync(path)) {
    if (!OWN_FILES.has(name)) rmSync(join(path, name), { recursive: true, force: true });
  }
}

function removeData(path: string): void {
  removeOutsideHome(path);
  rmSync(path, { recursive: true, force: true });
}
