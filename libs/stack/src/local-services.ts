/** Runs broker, registry and database as processes of this machine. */

import { databaseUrls, prepareDatabases, registryDatabaseUrl } from './databases.ts';
import { fetchJars } from './fetch-jars.ts';
import { startKafka } from './kafka.ts';
import type { Java } from './java.ts';
import { keepRunning } from './kept-service.ts';
import type { KeptService } from './kept-service.ts';
import { anyFreePort, choosePort, fixedPort } from './ports.ts';
import { adminUrl, startPostgres } from './postgres.ts';
import { registryUrl, startRegistry } from './registry.ts';
import { readSecrets } from './secrets.ts';
import type { Secrets } from './secrets.ts';
import { turnLogs } from './service-process.ts';
import type { Services } from './services.ts';
import type { StackFolder } from './stack-folder.ts';
import type { ServicesOptions } from './start-services.ts';

const USUAL_PORTS = { kafka: 9092, registry: 8081, postgres: 5432 };

export interface ServicePorts {
  readonly kafka: number;
  readonly controller: number;
  readonly registry: number;
  readonly postgres: number;
}

/** Ports that are free now: the usual ones, or for `any` random ones, so that tests never meet a stack that runs. */
export async function chooseServicePorts({ environment, ports }: ServicesOptions): Promise<ServicePorts> {
  const choose = (what: string, usual: number, variable: string): Promise<number> =>
    choosePort({ what, usual: ports === 'any' ? 0 : usual, fixed: fixedPort(environment, variable) });
  return {
    kafka: await choose('Kafka', USUAL_PORTS.kafka, 'PAYSTREAM_KAFKA_PORT'),
    controller: await anyFreePort(),
    registry: await choose('the schema registry', USUAL_PORTS.registry, 'PAYSTREAM_REGISTRY_PORT'),
    postgres: await choose('PostgreSQL', USUAL_PORTS.postgres, 'PAYSTREAM_POSTGRES_PORT'),
  };
}

export async function startLocalServices(
  options: ServicesOptions & { java: Java; maven: string | null },
): Promise<Services> {
  const { folder, cacheFolder, java, maven, postgresSettings = {}, log, signal } = options;
  // A port that is taken is better known before 150 MB are fetched.
  const ports = await chooseServicePorts(options);
  const jars = await fetchJars({ cacheFolder, maven, log, signal });
  const secrets = readSecrets(folder.path);
  const kept: KeptService[] = [];
  const keep = async (start: Parameters<typeof keepRunning>[0]['start']): Promise<void> => {
    kept.push(await keepRunning({ start, signal, log, onRestart: options.onRestart }));
  };
  const stop = (): Promise<void> => stopInOrder(kept);

  turnLogs(folder.path, ['postgres', 'kafka', 'registry']);
  log('Starting PostgreSQL, Apache Kafka and the schema registry …');
  const broker = keep((running) =>
    startKafka({
      folder,
      java,
      jarsFolder: jars.kafkaFolder,
      port: ports.kafka,
      controllerPort: ports.controller,
      signal: running,
    }),
  );
  const databaseAndRegistry = async (): Promise<void> => {
    const postgres = { folder, secrets, port: ports.postgres, settings: postgresSettings, log };
    await keep((running) => startPostgres({ ...postgres, signal: running }));
    await prepareDatabases({ adminUrl: adminUrl({ port: ports.postgres, secrets }), secrets });
    const databaseUrl = registryDatabaseUrl({ port: ports.postgres, secrets });
    await keep((running) =>
      startRegistry({
        folder,
        java,
        jarsFolder: jars.registryFolder,
        port: ports.registry,
        databaseUrl,
        signal: running,
      }),
    );
  };
  const started = await Promise.allSettled([broker, databaseAndRegistry()]);
  const failure = started.find((result) => result.status === 'rejected');
  if (failure !== undefined) {
    await stop();
    throw failure.reason;
  }
  return describe({ ports, secrets, kept, stop, folder });
}

interface Started {
  readonly ports: ServicePorts;
  readonly secrets: Secrets;
  readonly kept: readonly KeptService[];
  readonly stop: () => Promise<void>;
  readonly folder: StackFolder;
}

function describe({ ports, secrets, kept, stop, folder }: Started): Services {
  return {
    source: 'local',
    description: `local processes: Apache Kafka on port ${ports.kafka}, Apicurio Registry on ${ports.registry}, PostgreSQL on ${ports.postgres}, data in ${folder.path}`,
    kafkaBrokers: `127.0.0.1:${ports.kafka}`,
    schemaRegistryUrl: registryUrl(ports.registry),
    postgresAdminUrl: adminUrl({ port: ports.postgres, secrets }),
    databases: databaseUrls({ port: ports.postgres, secrets }),
    personalDataKey: secrets.personalDataKey,
    get pids() {
      return Object.fromEntries(kept.map((service) => [service.name, service.pid()]));
    },
    stop,
  };
}

/** The registry before the database that holds its schemas; the broker meanwhile. */
async function stopInOrder(kept: readonly KeptService[]): Promise<void> {
  const named = (name: string): Promise<unknown> =>
    Promise.all(kept.filter((service) => service.name === name).map((service) => service.stop()));
  await Promise.all([named('kafka'), named('registry').then(() => named('postgres'))]);
}
