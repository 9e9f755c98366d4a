/** Finds what the broker and the registry run on: Java, and Maven to fetch them with. */

import { execFile } from 'node:child_process';
import { join } from 'node:path';

export const JAVA_VERSION_MIN = 17;
const COMMAND_MS_MAX = 20_000;

export type JavaToolchain =
  | { readonly found: true; readonly java: string; readonly maven: string | null }
  /** What is missing, as the start of a sentence. */
  | { readonly found: false; readonly missing: string };

/** Looks for Java 17 or newer and for Maven, in JAVA_HOME and MAVEN_HOME first, then in the PATH. */
export async function findJava(environment: NodeJS.ProcessEnv): Promise<JavaToolchain> {
  const java = environment.JAVA_HOME ? join(environment.JAVA_HOME, 'bin', 'java') : 'java';
  const version = majorVersion(await outputOf(java, ['-version']));
  if (version === null) return { found: false, missing: 'Java was not found' };
  if (version < JAVA_VERSION_MIN) return { found: false, missing: `Java ${version} is too old` };
  const maven = environment.MAVEN_HOME ? join(environment.MAVEN_HOME, 'bin', 'mvn') : 'mvn';
  return { found: true, java, maven: (await outputOf(maven, ['--version'])) === null ? null : maven };
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

/** What a command prints on both outputs; null when it fails or is not there. */
function outputOf(command: string, args: string[]): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: COMMAND_MS_MAX }, (error, stdout, stderr) =>
      resolve(error === null ? stdout + stderr : null),
    );
  });
}
