/** Says which processes make a stack, and what each is told in its environment. */

import { anyFreePort, choosePort, fixedPort } from '@paystream/stack';
import type { Services } from '@paystream/stack';

export interface PlannedApp {
  /** Unique in the stack: `gateway`, `gateway-2`, … */
  readonly name: string;
  /** Script of the app, relative to the project. */
  readonly script: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Where it answers /health/live, /health/ready and /metrics. */
  readonly healthUrl: string;
}

export interface AppPlan {
  readonly apps: readonly PlannedApp[];
  readonly gatewayUrls: readonly string[];
  /** Where the first gateway listens to operators. */
  readonly operatorUrl: string;
  /** Where caught e-mails can be read; empty when SMTP_URL sends them elsewhere. */
  readonly mailUrl: string;
}

export interface PlanOptions {
  readonly services: Services;
  readonly environment: NodeJS.ProcessEnv;
  /** How many of each app but the rate feed. */
  readonly instances: number;
  readonly ports: 'usual' | 'any';
}

const USUAL_PORTS = { gateway: 8080, operators: 8090, mail: 8025 };
const FIXABLE_PORTS = [
  ['the gateway', 'GATEWAY_PORT'],
  ["the gateway's operators", 'GATEWAY_OPERATOR_PORT'],
  ['the mail catcher', 'MAIL_CATCHER_PORT'],
] as const;
const MAIL_FROM = 'Paystream <no-reply@paystream.example>';
/** Given to the apps that need them, one by one, and to no other. */
const WITHHELD = /_DATABASE_URL$|^PERSONAL_DATA_KEY$|^NODE_CHANNEL/;

/** Complains about a fixed port that is taken before anything is fetched or started. */
export async function checkFixedPorts(environment: NodeJS.ProcessEnv): Promise<void> {
  for (const [what, variable] of FIXABLE_PORTS) {
    await choosePort({ what, usual: 0, fixed: fixedPort(environment, variable) });
  }
}

/** Chooses the ports once: an app that is started again comes back where it was. */
export async function planApps(options: PlanOptions): Promise<AppPlan> {
  const mail = await planMail(options);
  const base = baseEnvironment(options);
  // One rate feed is enough however many there are of the others: a rate is published once.
  const apps: PlannedApp[] = [...mail.apps, await planWorker(base, 'rates', 'rates', {})];
  const gatewayUrls: string[] = [];
  let operatorUrl = '';
  for (let instance = 1; instance <= options.instances; instance += 1) {
    const name = (app: string): string => (instance === 1 ? app : `${app}-${instance}`);
    const gateway = await planGateway(options, base, name('gateway'), instance);
    gatewayUrls.push(gateway.healthUrl);
    if (instance === 1) operatorUrl = gateway.operatorUrl;
    apps.push(
      gateway,
      await planWorker(base, 'processor', name('processor'), {}),
      await planWorker(base, 'accounts', name('accounts'), {
        ACCOUNTS_DATABASE_URL: options.services.databases.accounts,
      }),
      await planWorker(base, 'notifier', name('notifier'), {
        NOTIFIER_DATABASE_URL: options.services.databases.notifier,
        CONTACTS_DATABASE_URL: options.services.databases.contacts,
        PERSONAL_DATA_KEY: options.services.personalDataKey,
        SMTP_URL: mail.smtpUrl,
        MAIL_FROM: options.environment.MAIL_FROM ?? MAIL_FROM,
      }),
    );
  }
  return { apps, gatewayUrls, operatorUrl, mailUrl: mail.url };
}

function baseEnvironment({ services, environment }: PlanOptions): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !WITHHELD.test(name));
  return {
    ...Object.fromEntries(kept),
    KAFKA_BROKERS: services.kafkaBrokers,
    SCHEMA_REGISTRY_URL: services.schemaRegistryUrl,
  };
}

/** What a gateway is told; also for programs that do the gateway's work once, such as making a merchant. */
export function gatewayEnvironment(options: PlanOptions): NodeJS.ProcessEnv {
  return {
    ...baseEnvironment(options),
    GATEWAY_DATABASE_URL: options.services.databases.gateway,
    PERSONAL_DATA_KEY: options.services.personalDataKey,
  };
}

async function planGateway(
  options: PlanOptions,
  base: NodeJS.ProcessEnv,
  name: string,
  instance: number,
): Promise<PlannedApp & { readonly operatorUrl: string }> {
  const isFirst = instance === 1;
  const choose = (what: string, usual: number, variable: string): Promise<number> =>
    choosePort({
      what,
      usual: isFirst && options.ports === 'usual' ? usual : 0,
      fixed: isFirst ? fixedPort(options.environment, variable) : undefined,
    });
  const port = await choose('the gateway', USUAL_PORTS.gateway, 'GATEWAY_PORT');
  const operatorPort = await choose("the gateway's operators", USUAL_PORTS.operators, 'GATEWAY_OPERATOR_PORT');
  const scheme = base.GATEWAY_TLS_CERT_FILE ? 'https' : 'http';
  const ports = { GATEWAY_PORT: `${port}`, GATEWAY_OPERATOR_PORT: `${operatorPort}` };
  return {
    name,
    script: 'apps/gateway/src/main.ts',
    environment: { ...gatewayEnvironment(options), ...ports },
    healthUrl: `${scheme}://${reachable(base.GATEWAY_HOST)}:${port}`,
    operatorUrl: `${scheme}://${reachable(base.GATEWAY_OPERATOR_HOST)}:${operatorPort}`,
  };
}

/** "Any address" is where to listen, not where to call. */
function reachable(host: string | undefined): string {
  return host === undefined || host === '' || host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
}

async function planWorker(
  base: NodeJS.ProcessEnv,
  app: string,
  name: string,
  own: NodeJS.ProcessEnv,
): Promise<PlannedApp> {
  const port = await anyFreePort();
  return {
    name,
    script: `apps/${app}/src/main.ts`,
    environment: { ...base, ...own, [`${app.toUpperCase()}_HEALTH_PORT`]: `${port}` },
    healthUrl: `http://127.0.0.1:${port}`,
  };
}

interface MailPlan {
  readonly apps: readonly PlannedApp[];
  readonly smtpUrl: string;
  readonly url: string;
}

/** A catcher of our own, unless the user names a mail server. */
async function planMail(options: PlanOptions): Promise<MailPlan> {
  const given = options.environment.SMTP_URL;
  if (given) return { apps: [], smtpUrl: given, url: '' };
  const smtpPort = await anyFreePort();
  const port = await choosePort({
    what: 'the mail catcher',
    usual: options.ports === 'usual' ? USUAL_PORTS.mail : 0,
    fixed: fixedPort(options.environment, 'MAIL_CATCHER_PORT'),
  });
  const url = `http://127.0.0.1:${port}`;
  const catcher: PlannedApp = {
    name: 'mail-catcher',
    script: 'apps/notifier/src/mail-catcher.ts',
    environment: {
      ...baseEnvironment(options),
      MAIL_CATCHER_PORT: `${port}`,
      MAIL_CATCHER_SMTP_PORT: `${smtpPort}`,
    },
    healthUrl: url,
  };
  return { apps: [catcher], smtpUrl: `smtp://127.0.0.1:${smtpPort}`, url };
}
