// Runs the checks that others have written: formatter, linter, type checker, dead code; each says file and line itself.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CheckResult } from './finding.ts';
import { PROJECT_FOLDER } from './source-files.ts';

/** No check of ours takes half a minute; a tool that hangs must not hang the build. */
const TOOL_TIMEOUT_MS = 300_000;
const OUTPUT_BYTES_MAX = 4_000_000;

export interface OutsideTool {
  /** Script inside node_modules, or its launcher in node_modules/.bin. */
  command: string;
  args: readonly string[];
  /** Finds in the output how many files it looked at; null when the tool does not say. */
  seen?: RegExp;
  /** What to run to mend what it found. */
  remedy: string;
}

/** Runs a tool in the project's folder; it failed when its exit code says so, or when it saw no files. */
export async function runOutsideTool({ command, args, seen, remedy }: OutsideTool): Promise<CheckResult> {
  const launcher = fileURLToPath(new URL(`node_modules/.bin/${command}`, PROJECT_FOLDER));
  if (!existsSync(launcher)) {
    return { findings: [], failed: true, looked: '', output: `${command} is not installed; run: npm install` };
  }
  const { code, output } = await execute(launcher, args);
  const count = seen?.exec(output)?.[1];
  const sawNothing = seen !== undefined && (count === undefined || count === '0');
  const failed = code !== 0 || sawNothing;
  const hint = sawNothing && code === 0 ? `${command} saw no files` : `to mend: ${remedy}`;
  return {
    findings: [],
    failed,
    looked: count === undefined ? '' : `${count} files`,
    ...(failed ? { output: `${output.trimEnd()}\n${hint}` } : {}),
  };
}

function execute(launcher: string, args: readonly string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(launcher, args, {
      cwd: fileURLToPath(PROJECT_FOLDER),
      // The launchers ask for `node`: the project's own must be found before the machine's.
      env: {
        ...process.env,
        PATH: [dirname(launcher), process.env.PATH].join(delimiter),
        NO_COLOR: '1',
        FORCE_COLOR: '0',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: TOOL_TIMEOUT_MS,
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      if (output.length < OUTPUT_BYTES_MAX) output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}
