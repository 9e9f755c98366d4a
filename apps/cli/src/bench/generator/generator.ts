// The load generator's process: takes one job at a time from its parent and answers with what it measured.

import { runBatches, runClosedLoop } from './closed-loop.ts';
import type { GeneratorAnswer, GeneratorJob } from './generator-jobs.ts';
import { runOpenLoop } from './open-loop.ts';

process.on('message', (message) => {
  // Only our parent writes here, and it writes jobs.
  void run(message as GeneratorJob).then(
    (answer) => process.send?.({ answer }),
    (error: unknown) => process.send?.({ error: error instanceof Error ? error.stack : String(error) }),
  );
});
// Without a parent there is nobody to generate load for.
process.on('disconnect', () => process.exit(0));

async function run(job: GeneratorJob): Promise<GeneratorAnswer> {
  switch (job.kind) {
    case 'closed':
      return await runClosedLoop(job);
    case 'batch':
      return await runBatches(job);
    case 'open':
      return await runOpenLoop(job);
  }
}
