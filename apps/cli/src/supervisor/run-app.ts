/** Starts one app as a child of the supervisor and keeps it running. */

import { fileURLToPath } from 'node:url';
import { CONFIG_EXIT_CODE } from '@paystream/config';
import { keepRunning, startProcess } from '@paystream/stack';
import type { KeptService, Log, StackFolder } from '@paystream/stack';
import type { PlannedApp } from './app-plan.ts';

/** Migrations and the first assignment of partitions are part of it. */
const READY_MS_MAX = 60_000;
const ENVIRONMENT_IS_WRONG =
  'its environment is wrong, as its log says: it will not run until that is mended and the stack is started anew';

/** Apps that no payment waits for, whatever the number of their instance. */
const OFF_THE_WALK = /^(notifier|rates|mail-catcher)(-\d+)?$/;

/**
 * V8 lets garbage grow to several times what is in use before it looks. These collect earlier, with half of the
 * memory. The others are not bound: a bound on old objects makes V8 shrink the space for young ones too,
 * and a payment in a batch cost gateway and accounts twice as much. docs/performance.md has the figures.
 */
const MEMORY_FLAGS = ['--max-old-space-size=192', '--max-semi-space-size=16'];

export interface RunAppOptions {
  readonly app: PlannedApp;
  readonly folder: StackFolder;
  readonly projectFolder: URL;
  readonly log: Log;
  readonly onRestart: () => void;
  readonly signal: AbortSignal;
}

/** Resolves when the app has said over its channel that it is ready. */
export function runApp({ app, folder, projectFolder, log, onRestart, signal }: RunAppOptions): Promise<KeptService> {
  return keepRunning({
    start: (running) =>
      startProcess(
        folder,
        {
          name: app.name,
          command: process.execPath,
          args: [
            ...(OFF_THE_WALK.test(app.name) ? MEMORY_FLAGS : []),
            fileURLToPath(new URL(app.script, projectFolder)),
          ],
          cwd: fileURLToPath(projectFolder),
          environment: app.environment,
          stopSignal: 'SIGTERM',
          hasChannel: true,
          exitCodes: { [CONFIG_EXIT_CODE]: ENVIRONMENT_IS_WRONG },
          isReady: ({ announced }) => announced,
          readyMsMax: READY_MS_MAX,
        },
        running,
      ),
    log,
    onRestart,
    signal,
  });
}
