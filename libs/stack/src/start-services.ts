/** Chooses where the services come from: addresses in the environment, else local processes, else Docker. */

import { givenServices } from './given-services.ts';
import { hasJars } from './fetch-jars.ts';
import { findJava, hasDocker, JAVA_VERSION_MIN } from './java.ts';
import { startLocalServices } from './local-services.ts';
import type { Services } from './services.ts';
import { StackError } from './stack-error.ts';
import type { Log, StackFolder } from './stack-folder.ts';

export interface ServicesOptions {
  readonly folder: StackFolder;
  /** Where fetched programs are kept; shared by all stacks of a checkout. */
  readonly cacheFolder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** `usual`: the ports people expect where they are free. `any`: free ones. */
  readonly ports: 'usual' | 'any';
  /** Settings of a local PostgreSQL beside ours, for who measures it. */
  readonly postgresSettings?: Readonly<Record<string, string>>;
  readonly log: Log;
  /** Called when a service was started again and has another process id. */
  readonly onRestart: () => void;
  /** Interrupts the start; nothing is left running then. */
  readonly signal: AbortSignal;
}

/** Starts, or finds, a broker, a registry and a database; throws one sentence when this machine has no way to. */
export async function startServices(options: ServicesOptions): Promise<Services> {
  const given = givenServices(options.environment);
  if (given !== null) return given;
  // Maven is needed once: with what it fetched in the cache, Java is enough.
  const isFetched = await hasJars(options.cacheFolder);
  const toolchain = await findJava(options.environment, { withMaven: !isFetched });
  if (toolchain.found && (toolchain.maven !== null || isFetched)) {
    return startLocalServices({ ...options, java: toolchain.java, maven: toolchain.maven });
  }
  if (await hasDocker()) {
    const { startDockerServices } = await import('./docker-services.ts');
    return startDockerServices(options);
  }
  throw new StackError(
    `${toolchain.found ? 'Maven was not found' : toolchain.missing}, and no Docker engine answers: install Java ${JAVA_VERSION_MIN} or newer with Maven, or start Docker, or set KAFKA_BROKERS, SCHEMA_REGISTRY_URL and the *_DATABASE_URL of your own services.`,
  );
}
