/** Tells a newcomer where everything is, and gives a first payment to paste. */

import { createColors } from 'picocolors';
import type { CliContext } from '../context.ts';
import type { RunningStack } from './start-stack.ts';

export function welcome({ stack, demoCustomer }: RunningStack, { stackFolder, colours }: CliContext): string[] {
  const { bold: strong } = createColors(colours);
  const payment = JSON.stringify({ amount: 1099, currency: 'USD', customer: demoCustomer, description: 'First try' });
  return [
    '',
    strong('Paystream runs.'),
    `  gateway   ${stack.gateway_urls.join(' ')}   API description: ${stack.gateway_url}/openapi.json`,
    `  operators ${stack.operator_url}   a key: npx paystream operator add NAME`,
    ...(stack.mail_url === '' ? [] : [`  e-mails   ${stack.mail_url}`]),
    `  registry  ${stack.schema_registry_url}`,
    `  kafka     ${stack.kafka_brokers}`,
    `  metrics   ${Object.entries(stack.health_urls)
      .filter(([name]) => name !== 'mail-catcher')
      .map(([name, url]) => `${name} ${url}/metrics`)
      .join('\n            ')}`,
    `  key       ${stack.api_key}`,
    `  files     ${stackFolder} (stack.json has all of this, logs/ what each process says)`,
    '',
    strong('A payment to paste:'),
    `curl ${stack.gateway_url}/v1/payments -H 'Authorization: Bearer ${stack.api_key}' -H 'Idempotency-Key: first-try' -H 'Content-Type: application/json' -d '${payment}'`,
    '',
    'More: npx paystream --help. Stop with Ctrl-C or npx paystream down.',
  ];
}
