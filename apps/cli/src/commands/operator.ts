/** `paystream operator add`: makes an operator of the running stack, through the gateway's own code, and shows the key once. */

import { readSecrets } from '@paystream/stack';
import type { Command } from 'commander';
import type { CliContext, StackFile } from '../context.ts';
import { CliError } from '../context.ts';
import { runGatewayScript } from '../supervisor/gateway-script.ts';

const HELP = `
Operators put plans in force, freeze accounts and correct operations, at their own address (operator_url in stack.json).
The key is shown this once and kept nowhere. Where two persons are asked, two operators are.

Examples:
  $ npx paystream operator add Olga
  $ npx paystream operator add Olga --json
`;

interface Options {
  readonly json?: true;
}

interface NewOperator {
  readonly operator_id: string;
  readonly operator_key: string;
}

export function registerOperator(program: Command, context: CliContext): void {
  const operator = program.command('operator').description('persons who may order what merchants may not');
  operator
    .command('add')
    .description('make an operator and print the key, once')
    .argument('<name>', 'who it is, for the records')
    .option('--json', 'print one line of JSON')
    .addHelpText('after', HELP)
    .action(async (name: string, { json }: Options) => {
      const stack = await context.readStack();
      const created = await createOperator(context, stack, name);
      if (json === true) {
        context.json({ ...created, operator_url: stack.operator_url });
        return;
      }
      context.out(`operator  ${created.operator_id}`);
      context.out(`key       ${created.operator_key}`);
      context.out(`address   ${stack.operator_url}   API description: ${stack.operator_url}/openapi.json`);
      context.out('The key is shown this once: keep it.');
    });
}

async function createOperator(context: CliContext, stack: StackFile, name: string): Promise<NewOperator> {
  const { projectFolder, environment } = context;
  const answer = await runGatewayScript({
    projectFolder,
    script: 'create-operator.ts',
    args: ['--name', name],
    environment: {
      ...environment,
      KAFKA_BROKERS: stack.kafka_brokers,
      KAFKA_TOPIC_PREFIX: stack.kafka_topic_prefix,
      SCHEMA_REGISTRY_URL: stack.schema_registry_url,
      GATEWAY_DATABASE_URL: stack.databases.gateway,
      PERSONAL_DATA_KEY: personalDataKeyOf(context, stack),
    },
  });
  if (!isOperator(answer)) throw new CliError(`The gateway made no operator, but answered: ${JSON.stringify(answer)}`);
  return answer;
}

/** The key the gateways run with: the stack's own, or that of the environment where the services are given. */
function personalDataKeyOf({ stackFolder, environment }: CliContext, { source }: StackFile): string {
  if (source !== 'environment') return readSecrets(stackFolder).personalDataKey;
  const given = environment.PERSONAL_DATA_KEY;
  if (!given) throw new CliError('Set PERSONAL_DATA_KEY to the key your gateways run with.');
  return given;
}

function isOperator(answer: unknown): answer is NewOperator {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    'operator_id' in answer &&
    typeof answer.operator_id === 'string' &&
    'operator_key' in answer &&
    typeof answer.operator_key === 'string'
  );
}
