// Owns the benchmark's own stack: fresh services on free ports, and apps that can be stopped and started one by one.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStackFolder, removeOutsideHome, startServices } from '@paystream/stack';
import type { KeptService, Services, StackFolder } from '@paystream/stack';
import type { CliContext } from '../context.ts';
import type { ProofAddresses } from '../prove/run-proof.ts';
import type { AppPlan } from '../supervisor/app-plan.ts';
import { gatewayEnvironment, planApps } from '../supervisor/app-plan.ts';
import { runApp } from '../supervisor/run-app.ts';
import { createSandboxMerchant } from '../supervisor/sandbox.ts';
import type { SandboxMerchant } from '../supervisor/stack-state.ts';
import { applyTopics } from '../supervisor/topics.ts';

/** As on two cores: partition counts are part of what is measured. */
export const BENCH_PARTITIONS = 2;

export interface BenchStack {
  readonly services: Services;
  readonly gatewayUrl: string;
  /** Where a proof of this stack's books finds them. */
  readonly addresses: ProofAddresses;
  readonly createMerchant: () => Promise<SandboxMerchant>;
  /** Starts those of the named apps that do not run, or all. */
  readonly start: (names?: readonly string[]) => Promise<void>;
  /** Stops the apps and leaves the services. */
  readonly stopApps: () => Promise<void>;
  /** Process ids by name: services, running apps. */
  readonly pids: () => Record<string, number>;
  /** Stops everything and drops its data. */
  readonly stop: () => Promise<void>;
}

/** What would lead to somebody's own services; the benchmark fills its books with what nobody asked for. */
const NOT_OURS = /^KAFKA_|^SCHEMA_REGISTRY_URL$|_DATABASE_URL$|^GATEWAY_|_PORT$|^SMTP_URL$|^PERSONAL_DATA_KEY$/;

export async function startBenchStack(context: CliContext, signal: AbortSignal): Promise<BenchStack> {
  const path = join(context.stackFolder, 'bench');
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  removeData(path);
  const folder = await openStackFolder({ path, log });
  try {
    return await startIn({ context, folder, log, signal });
  } catch (error) {
    folder.release();
    throw error;
  }
}

interface Start {
  readonly context: CliContext;
  readonly folder: StackFolder;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

async function startIn({ context, folder, log, signal }: Start): Promise<BenchStack> {
  const { projectFolder } = context;
  const environment = Object.fromEntries(Object.entries(context.environment).filter(([name]) => !NOT_OURS.test(name)));
  const cacheFolder = join(fileURLToPath(projectFolder), '.paystream', 'cache');
  const onRestart = (): void => log('A service of the benchmark was started again: the figures are not to be trusted.');
  const services = await startServices({ folder, cacheFolder, environment, ports: 'any', log, onRestart, signal });
  const running = new Map<string, KeptService>();
  const stopApps = async (): Promise<void> => {
    const apps = [...running.values()];
    running.clear();
    await Promise.all(apps.map((app) => app.stop()));
  };
  try {
    await applyTopics({ services, environment, paymentPartitions: BENCH_PARTITIONS });
    const options = { services, environment, instances: 1, ports: 'any' } as const;
    const plan = await planApps(options);
    return {
      services,
      gatewayUrl: plan.gatewayUrls[0] ?? '',
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
      stop: async () => {
        await stopApps();
        await services.stop();
        folder.release();
        removeData(folder.path);
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

function removeData(path: string): void {
  removeOutsideHome(path);
  rmSync(path, { recursive: true, force: true });
}
