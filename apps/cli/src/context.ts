/** What every command is given: where the project is, what is running, and how to print. */

import { fileURLToPath } from 'node:url';
import { join, resolve } from 'node:path';
import { readStackFile } from '@paystream/stack';
import type { StackFile } from '@paystream/stack';
import { toJson } from './json.ts';

export type { StackFile } from '@paystream/stack';

export interface CliContext {
  /** The checkout's root, with a trailing slash. */
  readonly projectFolder: URL;
  /** Where the stack keeps its data and `stack.json`: `.paystream`, or what `PAYSTREAM_FOLDER` names. */
  readonly stackFolder: string;
  /** The environment that the command was started with. */
  readonly environment: NodeJS.ProcessEnv;
  /** Addresses and keys of the running stack; throws a {@link CliError} when nothing runs. */
  readStack(): Promise<StackFile>;
  /** True when the output is a terminal that wants colours. */
  readonly colours: boolean;
  /** Prints one line for people. */
  out(line: string): void;
  /** Prints one value for programs, as a line of JSON; bigints become integers. */
  json(value: unknown): void;
}

/** Something the user can mend: printed as one sentence, without a stack trace. */
export class CliError extends Error {
  override readonly name = 'CliError';
}

export function createContext({ environment }: { environment: NodeJS.ProcessEnv }): CliContext {
  const projectFolder = new URL('../../../', import.meta.url);
  const stackFolder = resolve(environment.PAYSTREAM_FOLDER || join(fileURLToPath(projectFolder), '.paystream'));
  return {
    projectFolder,
    stackFolder,
    environment,
    readStack: () => readRunningStack(stackFolder),
    colours: process.stdout.isTTY && environment.NO_COLOR === undefined,
    out: (line) => void process.stdout.write(`${line}\n`),
    json: (value) => void process.stdout.write(`${toJson(value)}\n`),
  };
}

async function readRunningStack(stackFolder: string): Promise<StackFile> {
  const stack = await readStackFile(stackFolder);
  if (stack === null) {
    throw new CliError('Nothing is running here. Start it with `npm start` or `npx paystream up`.');
  }
  return stack;
}
