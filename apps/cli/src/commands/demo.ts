// `paystream demo`: tells a story on the running system, each step with what it does to the ledger, and proves the books.

import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { Argument } from 'commander';
import { connectDatabase } from '../connect.ts';
import type { CliContext, StackFile } from '../context.ts';
import { createLedgerView } from '../demo/ledger-view.ts';
import { tellLending } from '../demo/lending.ts';
import { tellShop } from '../demo/shop.ts';
import type { Told } from '../demo/story.ts';
import { createStory } from '../demo/story.ts';
import { withInterrupt } from '../interrupt.ts';
import { createGatewayClient } from '../load/gateway-client.ts';
import { isProved, proofLine, proofToJson } from '../prove/describe-proof.ts';
import { runProof } from '../prove/run-proof.ts';

const EXIT_NOT_PROVED = 1;
const STATEMENT_TIMEOUT_MS = 10_000;
const RUN_ID_BYTES = 4;
const STORIES = { shop: tellShop, lending: tellLending } as const;
type StoryName = keyof typeof STORIES;

interface Options {
  readonly json?: boolean;
}

export function registerDemo(program: Command, context: CliContext): void {
  program
    .command('demo')
    .description('tell a story on the running system: each step with its ledger effect, and a proof at the end')
    .addArgument(new Argument('<story>', 'which one').choices(Object.keys(STORIES)))
    .option('--json', 'print the steps and the proof as JSON')
    .addHelpText('after', HELP)
    .action((story: StoryName, options: Options) => demo(context, story, options));
}

const HELP = `
  shop     an order held and captured parcel by parcel, a return, and one paid from another currency
  lending  a loan by two investors, paid out, repaid in parts with interest split between them

It makes customers of its own each time, with the sandbox merchant's key. Nothing else is touched.

Examples:
  $ npx paystream demo shop
  $ npx paystream demo lending --json
`;

async function demo(context: CliContext, name: StoryName, { json }: Options): Promise<void> {
  const stack = await context.readStack();
  const isForPeople = json !== true;
  const { steps, proof } = await withInterrupt(async (signal) => {
    const told = await tellStory(stack, name, { signal, onTold: (one) => isForPeople && show(context, one) });
    return { steps: told, proof: await runProof(stack, { signal, environment: context.environment }) };
  });
  if (isForPeople) context.out(proofLine(proof));
  else context.json({ story: name, steps, proof: proofToJson(proof) });
  if (!isProved(proof)) process.exitCode = EXIT_NOT_PROVED;
}

interface Telling {
  readonly signal: AbortSignal;
  readonly onTold: (told: Told) => void;
}

async function tellStory(stack: StackFile, name: StoryName, { signal, onTold }: Telling): Promise<readonly Told[]> {
  const { gateway_url: gatewayUrl, api_key: apiKey, gateway_certificate_file: certificateFile } = stack;
  const client = createGatewayClient({ gatewayUrl, apiKey, certificateFile, connections: 1, signal });
  const database = connectDatabase(stack.databases.accounts, STATEMENT_TIMEOUT_MS);
  try {
    const runId = randomBytes(RUN_ID_BYTES).toString('hex');
    const story = createStory({ client, ledger: createLedgerView(database), runId, onTold, signal });
    story.introduce(stack.merchant_id, 'the merchant');
    await STORIES[name](story);
    return story.steps();
  } finally {
    await Promise.all([client.close(), database.close()]);
  }
}

function show(context: CliContext, { step, title, status, postings, balances }: Told): void {
  context.out(`${step}. ${title}  [${status}]`);
  for (const posting of postings) context.out(`     ${posting}`);
  for (const balance of balances) context.out(`       ${balance}`);
  context.out('');
}
