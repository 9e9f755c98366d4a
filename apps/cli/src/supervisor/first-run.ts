/** Sends the real purchases once per set of data, and shows that the books follow from the log. */

import { fileURLToPath } from 'node:url';
import type { CliContext } from '../context.ts';
import { createProgress } from '../load/progress.ts';
import { runLoad } from '../load/run-load.ts';
import { describeSummary } from '../load/summary.ts';
import { describeProof, isProved, proofLine } from '../prove/describe-proof.ts';
import { runProof } from '../prove/run-proof.ts';
import type { RunningStack } from './start-stack.ts';

const SAMPLE = 'data/cdnow-sample.csv';

/**
 * Does nothing when the sample was sent to this data before: also after a restart in the middle it is sent only once.
 * Services of the user's own keep their topics for good and may send real e-mails: there the sample is only offered.
 */
export async function firstRun(context: CliContext, running: RunningStack, signal: AbortSignal): Promise<void> {
  if (running.state.read().is_sample_loaded) return;
  const { stack, state } = running;
  if (stack.source === 'environment') {
    context.out(`Nothing was sent to your own services: \`npx paystream load ${SAMPLE}\` sends the sample purchases.`);
    return;
  }
  context.out(`\nFirst run: sending the real purchases of ${SAMPLE} through the gateway.`);
  const summary = await runLoad({
    gatewayUrl: stack.gateway_url,
    apiKey: stack.api_key,
    certificateFile: stack.gateway_certificate_file,
    file: fileURLToPath(new URL(SAMPLE, context.projectFolder)),
    progress: createProgress(process.stdout),
    signal,
  });
  // Only now: a run that was interrupted sends the same rows with the same keys again.
  state.update({ is_sample_loaded: true });
  for (const line of describeSummary(summary)) context.out(line);

  const proof = await runProof(stack, { signal, environment: context.environment });
  if (!isProved(proof)) for (const line of describeProof(proof)) context.out(line);
  context.out(proofLine(proof));
}
