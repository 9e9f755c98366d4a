// Breaks the fold in one way after another: the proof over random streams has to turn red each time.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Mutation } from './testing/ledger-mutations.ts';
import { mutations } from './testing/ledger-mutations.ts';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
const PROPERTY = 'apps/accounts/src/books-proved.properties.test.ts';
const RUN_MS_MAX = 60_000;
const CONCURRENTLY = 2;

/** What the property's run says when the fold is broken so. */
function runBroken({ file, find, replace }: Mutation): Promise<{ code: number; output: string }> {
  const vitest = fileURLToPath(new URL('node_modules/vitest/vitest.mjs', new URL('../../../', import.meta.url)));
  const mutation = JSON.stringify({ file: `libs/ledger/src/${file}`, find, replace });
  const options = {
    cwd: PROJECT,
    env: { ...process.env, PAYSTREAM_MUTATION: mutation, NO_COLOR: '1' },
    timeout: RUN_MS_MAX,
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [vitest, 'run', '--project', 'unit', PROPERTY], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : 1, output: stdout + stderr }),
    );
  });
}

/** Where a run says why it failed, or that it did not. */
function lastLinesOf(output: string): string {
  return output.trim().split('\n').slice(-12).join(' | ');
}

test(
  'the fold as it is passes',
  async () => {
    const { code, output } = await runBroken({
      name: '',
      file: 'index.ts',
      find: '// Knows double entry',
      replace: '//',
    });
    expect(code, output).toBe(0);
  },
  RUN_MS_MAX,
);

test('every way to break it is noticed', { timeout: mutations.length * RUN_MS_MAX }, async () => {
  expect(mutations.length).toBeGreaterThanOrEqual(20);
  const unnoticed: string[] = [];
  const rest = mutations.values();
  const lane = async () => {
    for (const one of rest) {
      const { code, output } = await runBroken(one);
      // Red for the right reason: the property itself failed, and not the start of the run.
      if (code === 0 || !output.includes('Property failed after'))
        unnoticed.push(`${one.name}: ${lastLinesOf(output)}`);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENTLY }, lane));
  expect(unnoticed).toEqual([]);
});
