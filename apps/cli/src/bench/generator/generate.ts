// Has load generated in a process of its own, so that measuring and being measured do not share an event loop.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { GeneratorAnswer, GeneratorJob } from './generator-jobs.ts';

const PROGRAM = fileURLToPath(new URL('generator.ts', import.meta.url));
/** On top of the job's own length: start, the last answers, a gateway that is away. */
const GRACE_MS = 90_000;

/** Runs one job in a fresh child process. Rejects when it fails or does not end in time. */
export async function generate(job: GeneratorJob): Promise<GeneratorAnswer> {
  const child = fork(PROGRAM, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const deadline = AbortSignal.timeout(job.seconds * 1_000 + GRACE_MS);
  try {
    child.send(job);
    const [message] = await Promise.race([
      once(child, 'message', { signal: deadline }),
      once(child, 'exit', { signal: deadline }).then(() => [{ error: 'it ended early' }]),
    ]);
    // Only our own program writes here.
    const { answer, error } = message as { answer?: GeneratorAnswer; error?: string };
    if (answer === undefined) throw new Error(`The load generator failed: ${error}`);
    return answer;
  } finally {
    child.kill('SIGKILL');
  }
}
