/** Runs a program under the project's Node, in a process group of its own, so that each signal reaches it exactly once. */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { BootstrapError, PROJECT_FOLDER, PROJECT_NODE, ensureInstalled } from './install.js';

const PARENT_CHECK_MS = 500;
const STOP_SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * Installs what is missing, runs the program and ends as it ends.
 *
 * Ctrl-C goes to every process of a terminal's group and npm hands it on once more: the child is in another group and
 * hears it from here, the first time only. When this process is killed, the channel closes and the child stops itself;
 * when npm above is killed, this process notices that its parent has gone.
 *
 * @param {string[]} program script and arguments, the script relative to the project
 * @param {{ evenIfStale: boolean }} options see ensureInstalled
 */
export function launch([script, ...args], { evenIfStale }) {
  try {
    ensureInstalled({ evenIfStale });
  } catch (error) {
    if (!(error instanceof BootstrapError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
    return;
  }
  const child = spawn(PROJECT_NODE, [join(PROJECT_FOLDER, script), ...args], {
    detached: true,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      PATH: `${PROJECT_FOLDER}node_modules/.bin:${process.env.PATH ?? ''}`,
      // Every process below keeps what it has compiled: loading an app again takes half the time.
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(PROJECT_FOLDER, '.paystream', 'cache', 'node'),
    },
  });
  let asked = false;
  /** @param {NodeJS.Signals} signal */
  const stop = (signal) => {
    if (asked) return;
    asked = true;
    child.kill(signal);
  };
  for (const signal of STOP_SIGNALS) process.on(signal, stop);
  const parentCheck = watchParent(() => stop('SIGTERM'));
  child.once('error', (error) => process.stderr.write(`The project's Node could not be started: ${error.message}\n`));
  child.once('exit', (code, signal) => {
    clearInterval(parentCheck);
    if (signal !== null) process.stderr.write(`${script} was ended by ${signal}.\n`);
    process.exitCode = code ?? 1;
  });
}

/**
 * npm cannot tell that it was killed; but then our parent is another process.
 *
 * @param {() => void} onGone
 */
function watchParent(onGone) {
  const parent = process.ppid;
  // Without npm above, the parent is a shell, and outliving that is what `&` asks for.
  if (process.env.npm_execpath === undefined || parent === 1) return undefined;
  const timer = setInterval(() => {
    if (process.ppid !== parent) onGone();
  }, PARENT_CHECK_MS);
  timer.unref();
  return timer;
}
