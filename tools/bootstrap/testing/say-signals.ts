/** For tests: a program under the launcher that says what reaches it, and ends when its launcher has gone or `end` asks. */

import { appendFileSync } from 'node:fs';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('Name the file to write to.');

const say = (word: string): void => appendFileSync(file, `${word}\n`);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => say(signal));
process.on('disconnect', () => {
  say('disconnect');
  process.exit();
});
// What a test says when it has seen enough.
process.on('SIGUSR2', () => process.exit(7));
say(`ready ${process.pid} node${process.versions.node.split('.')[0]}`);
