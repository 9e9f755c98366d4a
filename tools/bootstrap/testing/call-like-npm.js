/** For tests: starts the launcher as npm does, hands no signal on, and says the launcher's process id. */

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const launcher = fileURLToPath(new URL('launch-say-signals.js', import.meta.url));
const child = spawn(process.execPath, [launcher, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, npm_execpath: 'npm' },
});
child.once('exit', (code) => process.exit(code ?? 1));
