/** Brings a whole stack up, in order: services, topics, apps, the sandbox merchant; and takes it down in the other. */

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStackFile, startServices, turnLogs } from '@paystream/stack';
import type { KeptService, Log, Services, StackFile, StackFolder } from '@paystream/stack';
import { checkFixedPorts, gatewayEnvironment, planApps } from './app-plan.ts';
import type { AppPlan } from './app-plan.ts';
import { runApp } from './run-app.ts';
import { createDemoCustomer, createSandboxMerchant } from './sandbox.ts';
import type { DemoCustomerOptions } from './sandbox.ts';
import { openState } from './stack-state.ts';
import type { SandboxMerchant, StateStore } from './stack-state.ts';
import { applyTopics } from './topics.ts';

const DEMO_EMAIL = 'ada@shop.example';

export interface StartOptions {
  readonly folder: StackFolder;
  readonly cacheFolder: string;
  readonly projectFolder: URL;
  readonly environment: NodeJS.ProcessEnv;
  readonly instances: number;
  readonly ports: 'usual' | 'any';
  readonly log: Log;
  /** Interrupts the start; what was started by then is stopped. */
  readonly signal: AbortSignal;
}

export interface RunningStack {
  readonly stack: StackFile;
  readonly services: Services;
  readonly state: StateStore;
  /** A customer with money, for a first try. */
  readonly demoCustomer: string;
  stop(): Promise<void>;
}

export async function startStack(options: StartOptions): Promise<RunningStack> {
  const apps: KeptService[] = [];
  const file = openStackFile(options.folder.path, options.log);
  let services: Services | null = null;
  const stop = async (): Promise<void> => {
    await file.remove();
    await Promise.all(apps.map((app) => app.stop()));
    await services?.stop();
  };
  // Process ids change when something is started again; before everything runs there is no file to keep up to date.
  let refresh = (): void => {};
  try {
    await checkFixedPorts(options.environment);
    services = await startServices({ ...options, onRestart: () => refresh() });
    options.log(`Services: ${services.description}`);
    const state = openState(options.folder.path, services, options.environment);
    await prepareTopics(options, services, state);
    const plan = await planApps({ ...options, services });
    apps.push(...(await startApps(options, plan, () => refresh())));
    const merchant = await sandboxMerchant(options, services, state);
    const gatewayUrl = plan.gatewayUrls[0] ?? '';
    const demoCustomer = await firstCustomer(options, state, {
      gatewayUrl,
      apiKey: merchant.api_key,
      certificateFile: certificateFileOf(options),
      // Where the mail server may be a real one, nobody is written to.
      email: services.source === 'environment' ? null : DEMO_EMAIL,
    });
    const running = services;
    const describe = (): StackFile => stackFile({ plan, services: running, apps, merchant, ...options });
    refresh = () => file.refresh(describe());
    await file.write(describe());
    return { stack: describe(), services, state, demoCustomer, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function prepareTopics(options: StartOptions, services: Services, state: StateStore): Promise<void> {
  const { payment_partitions: paymentPartitions } = state.read();
  const { environment } = options;
  const { topics, created } = await applyTopics({ services, environment, paymentPartitions });
  state.update({ payment_partitions: paymentPartitions });
  options.log(
    created > 0 ? `Topics: ${created} created, schemas registered` : `Topics: ${topics} as their contracts say`,
  );
}

async function startApps(options: StartOptions, plan: AppPlan, onRestart: () => void): Promise<KeptService[]> {
  const { folder, projectFolder, log, signal } = options;
  log(`Starting ${plan.apps.map(({ name }) => name).join(', ')} …`);
  turnLogs(
    folder.path,
    plan.apps.map(({ name }) => name),
  );
  const results = await Promise.allSettled(
    plan.apps.map((app) => runApp({ app, folder, projectFolder, log, onRestart, signal })),
  );
  const started = results.filter((result) => result.status === 'fulfilled').map(({ value }) => value);
  const failure = results.find((result) => result.status === 'rejected');
  if (failure === undefined) return started;
  await Promise.all(started.map((app) => app.stop()));
  throw failure.reason;
}

async function sandboxMerchant(options: StartOptions, services: Services, state: StateStore): Promise<SandboxMerchant> {
  const known = state.read().merchant;
  if (known !== null) return known;
  const environment = gatewayEnvironment({ ...options, services });
  const merchant = await createSandboxMerchant({ ...options, environment });
  state.update({ merchant });
  return merchant;
}

async function firstCustomer(
  { signal }: StartOptions,
  state: StateStore,
  gateway: Omit<DemoCustomerOptions, 'signal'>,
): Promise<string> {
  const customer = state.read().demo_customer ?? (await createDemoCustomer({ ...gateway, signal }));
  state.update({ demo_customer: customer });
  return customer;
}

/** Absolute, for whoever reads `stack.json` elsewhere; the apps run in the project's folder. */
function certificateFileOf({
  projectFolder,
  environment,
}: Pick<StartOptions, 'projectFolder' | 'environment'>): string {
  const { GATEWAY_TLS_CERT_FILE: file } = environment;
  return file ? resolve(fileURLToPath(projectFolder), file) : '';
}

interface Described {
  readonly plan: AppPlan;
  readonly services: Services;
  readonly apps: readonly KeptService[];
  readonly merchant: SandboxMerchant;
  readonly projectFolder: URL;
  readonly environment: NodeJS.ProcessEnv;
}

function stackFile({ plan, services, apps, merchant, projectFolder, environment }: Described): StackFile {
  return {
    source: services.source,
    gateway_url: plan.gatewayUrls[0] ?? '',
    gateway_urls: plan.gatewayUrls,
    operator_url: plan.operatorUrl,
    gateway_certificate_file: certificateFileOf({ projectFolder, environment }),
    api_key: merchant.api_key,
    merchant_id: merchant.merchant_id,
    kafka_brokers: services.kafkaBrokers,
    kafka_topic_prefix: environment.KAFKA_TOPIC_PREFIX ?? '',
    schema_registry_url: services.schemaRegistryUrl,
    databases: services.databases,
    mail_url: plan.mailUrl,
    health_urls: Object.fromEntries(plan.apps.map(({ name, healthUrl }) => [name, healthUrl])),
    pids: {
      supervisor: process.pid,
      ...services.pids,
      ...Object.fromEntries(apps.map((app) => [app.name, app.pid()])),
    },
  };
}
