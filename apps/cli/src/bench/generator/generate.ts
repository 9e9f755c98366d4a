// Has load generated in a process of its own, so that measuring and being measured do not share an event loop.

import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { GeneratorAnswer, GeneratorCommand, GeneratorJob, GeneratorMessage } from './generator-jobs.ts';

const PROGRAM = fileURLToPath(new URL('generator.ts', import.meta.url));
/** For an answer of the generator: its start, the last answers of a gateway that is away. */
const ANSWER_MS_MAX = 90_000;

export interface Generator {
  /** What happened since the last slice, or since the start. */
  readonly slice: () => Promise<GeneratorAnswer>;
  /** Sends nothing more; resolves with what happened since the last slice when all is answered. */
  readonly stop: () => Promise<GeneratorAnswer>;
}

/** Runs one job in a fresh child process while `work` lasts. */
export async function whileGenerating<Result>(
  job: GeneratorJob,
  work: (generator: Generator) => Promise<Result>,
): Promise<Result> {
  const child = fork(PROGRAM, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const tell = async (command: GeneratorCommand): Promise<GeneratorAnswer> => {
    const answer = await ask(child, command);
    if (answer === null) throw new Error('The load generator had nothing to tell.');
    return answer;
  };
  try {
    await ask(child, { kind: 'start', job });
    return await work({ slice: () => tell({ kind: 'slice' }), stop: () => tell({ kind: 'stop' }) });
  } finally {
    child.kill('SIGKILL');
  }
}

async function ask(child: ChildProcess, command: GeneratorCommand): Promise<GeneratorAnswer | null> {
  const deadline = new AbortController();
  const signal = AbortSignal.any([deadline.signal, AbortSignal.timeout(ANSWER_MS_MAX)]);
  child.send(command);
  try {
    const [message] = await Promise.race([
      once(child, 'message', { signal }),
      once(child, 'exit', { signal }).then(() => [{ error: 'it ended early' }]),
    ]);
    // Only our own program writes here.
    const { answer, error } = message as GeneratorMessage;
    if (answer === undefined) throw new Error(`The load generator failed: ${error}`);
    return answer;
  } finally {
    // The listener that lost the race goes, or each command would leave one more.
    deadline.abort();
  }
}
