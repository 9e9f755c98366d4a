/** Runs broker, registry and database in containers, where there is a Docker engine and no Java. */

import type { StartedTestContainer } from 'testcontainers';
import { BROKER_SETTINGS } from './broker-settings.ts';
import { databaseUrls, prepareDatabases } from './databases.ts';
import { chooseServicePorts } from './local-services.ts';
import type { ServicePorts } from './local-services.ts';
import { adminUrl } from './postgres.ts';
import { registryUrl } from './registry.ts';
import { readSecrets } from './secrets.ts';
import type { Secrets } from './secrets.ts';
import type { Services } from './services.ts';
import type { ServicesOptions } from './start-services.ts';

const IMAGES = {
  kafka: 'apache/kafka:4.4.0',
  registry: 'apicurio/apicurio-registry:3.0.9',
  postgres: 'postgres:18.4',
};
const START_MS_MAX = 180_000;
const STOP_MS_MAX = 20_000;

export async function startDockerServices(options: ServicesOptions): Promise<Services> {
  const { folder, log } = options;
  const { GenericContainer, Network, Wait } = await import('testcontainers');
  const secrets = readSecrets(folder.path);
  const ports = await chooseServicePorts(options);
  // Volumes carry the data's own name, so that the second start finds them and `--fresh` does not.
  const volume = (name: string, target: string): { source: string; target: string } => ({
    source: `paystream-${secrets.instance}-${name}`,
    target,
  });
  const started: StartedTestContainer[] = [];
  const stop = async (): Promise<void> => {
    for (const container of started.toReversed()) await container.stop({ timeout: STOP_MS_MAX });
    await network.stop();
  };

  log(
    'Starting PostgreSQL, Apache Kafka and the schema registry in Docker (the first time their images are fetched) …',
  );
  const network = await new Network().start();
  try {
    started.push(
      await new GenericContainer(IMAGES.postgres)
        .withNetwork(network)
        .withNetworkAliases('postgres')
        .withExposedPorts({ container: 5432, host: ports.postgres })
        .withBindMounts([volume('postgres', '/var/lib/postgresql')])
        .withEnvironment({
          POSTGRES_USER: 'paystream_admin',
          POSTGRES_DB: 'postgres',
          POSTGRES_PASSWORD: secrets.passwords.admin,
        })
        .withCommand(['postgres', '-c', 'max_connections=300', '-c', 'shared_buffers=512MB', '-c', 'max_wal_size=4GB'])
        .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/, 2))
        .withStartupTimeout(START_MS_MAX)
        .start(),
      await new GenericContainer(IMAGES.kafka)
        .withNetwork(network)
        .withExposedPorts({ container: 9092, host: ports.kafka })
        .withBindMounts([volume('kafka', '/var/lib/kafka/data')])
        .withEnvironment(brokerEnvironment(ports))
        .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
        .withStartupTimeout(START_MS_MAX)
        .start(),
    );
    await prepareDatabases({ adminUrl: adminUrl({ port: ports.postgres, secrets }), secrets });
    started.push(
      await new GenericContainer(IMAGES.registry)
        .withNetwork(network)
        .withExposedPorts({ container: 8080, host: ports.registry })
        .withEnvironment(registryEnvironment(secrets))
        .withWaitStrategy(Wait.forHttp('/apis/ccompat/v7/subjects', 8080))
        .withStartupTimeout(START_MS_MAX)
        .start(),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    source: 'docker',
    description: `testcontainers (Docker): Apache Kafka on port ${ports.kafka}, Apicurio Registry on ${ports.registry}, PostgreSQL on ${ports.postgres}`,
    kafkaBrokers: `127.0.0.1:${ports.kafka}`,
    schemaRegistryUrl: registryUrl(ports.registry),
    postgresAdminUrl: adminUrl({ port: ports.postgres, secrets }),
    databases: databaseUrls({ port: ports.postgres, secrets }),
    personalDataKey: secrets.personalDataKey,
    pids: {},
    stop,
  };
}

/** The image takes the broker's settings from variables: `KAFKA_` and the name in capitals, dots as underscores. */
function brokerEnvironment(ports: ServicePorts): Record<string, string> {
  const settings = {
    ...BROKER_SETTINGS,
    'controller.quorum.voters': '1@localhost:9093',
    listeners: 'PLAINTEXT://:9092,CONTROLLER://:9093',
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${ports.kafka}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': '/var/lib/kafka/data',
  };
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [`KAFKA_${name.toUpperCase().replaceAll('.', '_')}`, value]),
  );
}

function registryEnvironment(secrets: Secrets): Record<string, string> {
  return {
    APICURIO_STORAGE_KIND: 'sql',
    APICURIO_STORAGE_SQL_KIND: 'postgresql',
    APICURIO_DATASOURCE_URL: 'jdbc:postgresql://postgres:5432/registry',
    APICURIO_DATASOURCE_USERNAME: 'registry',
    APICURIO_DATASOURCE_PASSWORD: secrets.passwords.registry,
  };
}
