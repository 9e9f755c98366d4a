/** Runs Apicurio, a schema registry that speaks Confluent's API, with its schemas in our PostgreSQL. */

import { join } from 'node:path';
import { classArchive } from './class-archive.ts';
import type { Java } from './java.ts';
import { startProcess } from './service-process.ts';
import type { ServiceProcess } from './service-process.ts';
import type { StackFolder } from './stack-folder.ts';

export interface RegistryOptions {
  readonly folder: StackFolder;
  readonly java: Java;
  readonly jarsFolder: string;
  readonly port: number;
  /** Where the schemas rest. By default Apicurio forgets them at a restart, and then a kept log cannot be read. */
  readonly databaseUrl: string;
  readonly signal: AbortSignal;
}

const RUNNER = 'apicurio-registry-app-3.0.9-runner.jar';
const JAVA_OPTIONS = [
  '-Xmx320m',
  // Asked at the start and hardly ever again: what a second compiler costs never comes back.
  '-XX:TieredStopAtLevel=1',
  '-XX:+UseSerialGC',
  // Every request would be three lines in the log.
  '-Dquarkus.http.access-log.enabled=false',
  '-Dquarkus.log.category."io.apicurio".level=WARN',
];
const READY_MS_MAX = 90_000;
const ANSWER_MS_MAX = 2_000;

/** Address of the registry's Confluent-compatible API. */
export function registryUrl(port: number): string {
  return `http://127.0.0.1:${port}/apis/ccompat/v7`;
}

export function startRegistry({
  folder,
  java,
  jarsFolder,
  port,
  databaseUrl,
  signal,
}: RegistryOptions): Promise<ServiceProcess> {
  const archive = classArchive({ folder: jarsFolder, name: 'registry', javaRelease: java.release });
  return startProcess(
    folder,
    {
      name: 'registry',
      command: java.command,
      args: [...JAVA_OPTIONS, ...archive.args, '-jar', join(jarsFolder, RUNNER)],
      cwd: folder.path,
      environment: { ...process.env, ...registryEnvironment(port, new URL(databaseUrl)) },
      stopSignal: 'SIGTERM',
      isReady: () => registryAnswers(registryUrl(port)),
      readyMsMax: READY_MS_MAX,
      onEnd: archive.keep,
    },
    signal,
  );
}

/** In the environment and not in the arguments, which every user of the machine can read. */
function registryEnvironment(port: number, database: URL): NodeJS.ProcessEnv {
  return {
    QUARKUS_HTTP_PORT: `${port}`,
    QUARKUS_HTTP_HOST: '127.0.0.1',
    QUARKUS_LOG_LEVEL: 'WARN',
    APICURIO_STORAGE_KIND: 'sql',
    APICURIO_STORAGE_SQL_KIND: 'postgresql',
    APICURIO_DATASOURCE_URL: `jdbc:postgresql://${database.host}${database.pathname}`,
    APICURIO_DATASOURCE_USERNAME: decodeURIComponent(database.username),
    APICURIO_DATASOURCE_PASSWORD: decodeURIComponent(database.password),
    APICURIO_DATASOURCE_JDBC_INITIAL_SIZE: '2',
    APICURIO_DATASOURCE_JDBC_MIN_SIZE: '2',
    APICURIO_DATASOURCE_JDBC_MAX_SIZE: '8',
  };
}

async function registryAnswers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/subjects`, { signal: AbortSignal.timeout(ANSWER_MS_MAX) })).ok;
  } catch {
    return false;
  }
}
