// The load generator's process: runs one job for its parent, and tells what it measured whenever it is asked.

import { runBatches, runClosedLoop } from './closed-loop.ts';
import type { GeneratorAnswer, GeneratorCommand, GeneratorJob } from './generator-jobs.ts';
import type { Measure } from './measure.ts';
import { startMeasure } from './measure.ts';
import { runOpenLoop } from './open-loop.ts';

const stopped = new AbortController();
const measure = startMeasure();
let running: Promise<void> = Promise.resolve();

process.on('message', (message) => {
  // Only our parent writes here, and it writes commands.
  void obey(message as GeneratorCommand).then(
    (answer) => process.send?.({ answer }),
    (error: unknown) => process.send?.({ error: error instanceof Error ? error.stack : String(error) }),
  );
});
// Without a parent there is nobody to generate load for.
process.on('disconnect', () => process.exit(0));

async function obey(command: GeneratorCommand): Promise<GeneratorAnswer | null> {
  switch (command.kind) {
    case 'start':
      measure.slice();
      running = run(command.job, measure, stopped.signal);
      // What goes wrong is told when the parent asks for the end.
      running.catch(() => undefined);
      return null;
    case 'slice':
      return measure.slice();
    case 'stop':
      stopped.abort();
      await running;
      return measure.slice();
  }
}

function run(job: GeneratorJob, into: Measure, signal: AbortSignal): Promise<void> {
  switch (job.kind) {
    case 'closed':
      return runClosedLoop(job, into, signal);
    case 'batch':
      return runBatches(job, into, signal);
    case 'open':
      return runOpenLoop(job, into, signal);
  }
}
