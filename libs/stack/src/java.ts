/** Finds what the broker and the registry run on: Java, and Maven to fetch them with. */

import { execFile } from 'node:child_process';
import { join } from 'node:path';

export const JAVA_VERSION_MIN = 17;
const COMMAND_MS_MAX = 20_000;

export interface Java {
  readonly command: string;
  /** What it calls itself, such as 17.0.15: what one release has prepared another may not read. */
  readonly release: string;
}

export type JavaToolchain =
  | { readonly found: true; readonly java: Java; readonly maven: string | null }
  /** What is missing, as the start of a sentence. */
  | { readonly found: false; readonly missing: string };

/** Looks for Java 17 or newer and, where it is needed, for Maven: in JAVA_HOME and MAVEN_HOME first, then in the PATH. */
export async function findJava(
  environment: NodeJS.ProcessEnv,
  { withMaven }: { withMaven: boolean },
): Promise<JavaToolchain> {
  const command = environment.JAVA_HOME ? join(environment.JAVA_HOME, 'bin', 'java') : 'java';
  const output = await outputOf(command, ['-version']);
  const version = majorVersion(output);
  if (version === null) return { found: false, missing: 'Java was not found' };
  if (version < JAVA_VERSION_MIN) return { found: false, missing: `Java ${version} is too old` };
  const maven = withMaven ? await findMaven(environment) : null;
  return { found: true, java: { command, release: releaseOf(output) }, maven };
}

async function findMaven(environment: NodeJS.ProcessEnv): Promise<string | null> {
  const maven = environment.MAVEN_HOME ? join(environment.MAVEN_HOME, 'bin', 'mvn') : 'mvn';
  return (await outputOf(maven, ['--version'])) === null ? null : maven;
}

/** True when a Docker engine answers; a client alone is not enough. */
export async function hasDocker(): Promise<boolean> {
  return (await outputOf('docker', ['info'])) !== null;
}

/** The 17 in `openjdk version "17.0.15"`, and the 8 in `java version "1.8.0_362"`. */
export function majorVersion(output: string | null): number | null {
  const match = /version "(?:1\.)?(\d+)/.exec(output ?? '');
  return match === null ? null : Number(match[1]);
}

/** The 17.0.15 in `openjdk version "17.0.15"`. */
function releaseOf(output: string | null): string {
  return /version "([\w.+-]+)"/.exec(output ?? '')?.[1] ?? 'unknown';
}

/** What a command prints on both outputs; null when it fails or is not there. */
function outputOf(command: string, args: string[]): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: COMMAND_MS_MAX }, (error, stdout, stderr) =>
      resolve(error === null ? stdout + stderr : null),
    );
  });
}
