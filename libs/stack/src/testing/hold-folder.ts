/** For tests: takes a stack's folder, runs a process in it that ends only when told, says both process ids, and waits. */

import { openStackFolder, startProcess, turnLogs } from '../index.ts';

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('Name the folder.');

const folder = await openStackFolder({ path, log: () => {} });
turnLogs(path, ['held']);
const held = await startProcess(
  folder,
  {
    name: 'held',
    command: 'sleep',
    args: ['600'],
    stopSignal: 'SIGTERM',
    isReady: () => true,
    readyMsMax: 1_000,
  },
  new AbortController().signal,
);
process.stdout.write(`${JSON.stringify({ held: held.pid, guardian: folder.guardianPid })}\n`);
setInterval(() => {}, 60_000);
