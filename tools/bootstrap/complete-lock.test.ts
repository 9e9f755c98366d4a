/** The lock file names the optional packages of every platform, without which `npm ci` refuses it. */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('package-lock.json is complete', () => {
  const script = fileURLToPath(new URL('complete-lock.ts', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
