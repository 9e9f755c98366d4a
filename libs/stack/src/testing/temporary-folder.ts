/** For tests: a folder of their own, with a space in its name, as people's folders have. */

import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Removed when the test has finished. */
export function temporaryFolder(): string {
  const path = newFolder();
  onTestFinished(() => removeFolder(path));
  return path;
}

export function newFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'paystream test ')));
}

export function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true });
}
