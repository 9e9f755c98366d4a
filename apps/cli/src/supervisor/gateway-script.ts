/** Runs a program of the gateway's that does its work once and answers with one line of JSON. */

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const RUN_MS_MAX = 60_000;

export interface GatewayScript {
  readonly projectFolder: URL;
  /** File name in apps/gateway/src. */
  readonly script: string;
  readonly args: readonly string[];
  /** What a gateway is told. */
  readonly environment: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

/** The last line it printed, parsed. */
export async function runGatewayScript(options: GatewayScript): Promise<unknown> {
  const { projectFolder, script, args, environment, signal } = options;
  const path = fileURLToPath(new URL(`apps/gateway/src/${script}`, projectFolder));
  const { stdout } = await promisify(execFile)(process.execPath, [path, ...args], {
    env: environment,
    timeout: RUN_MS_MAX,
    ...(signal === undefined ? {} : { signal }),
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}
