// Lets Ctrl-C end a long command in order: what it holds is released, and the exit code says that it was interrupted.

import { CliError } from './context.ts';

/** Runs `work` with a signal that aborts at SIGINT or SIGTERM; then it throws `CliError`, whatever `work` ended with. */
export async function withInterrupt<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController();
  const interrupt = (): void => controller.abort(new CliError('Interrupted.'));
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    return await work(controller.signal);
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}
