/** Makes the sandbox merchant, through the gateway's own code, and a customer with money for a first try. */

import { CliError } from '../context.ts';
import { createGatewayClient } from '../load/gateway-client.ts';
import { runGatewayScript } from './gateway-script.ts';
import type { SandboxMerchant } from './stack-state.ts';

const DEMO_TOP_UP_MINOR = 100_000n;

export async function createSandboxMerchant(options: {
  readonly projectFolder: URL;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}): Promise<SandboxMerchant> {
  const args = ['--environment', 'test', '--name', 'Sandbox'];
  const answer = await runGatewayScript({ ...options, script: 'create-merchant.ts', args });
  if (!isMerchant(answer)) throw new CliError(`The gateway made no merchant, but answered: ${JSON.stringify(answer)}`);
  return { merchant_id: answer.merchant_id, api_key: answer.api_key };
}

function isMerchant(answer: unknown): answer is SandboxMerchant {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    'merchant_id' in answer &&
    typeof answer.merchant_id === 'string' &&
    'api_key' in answer &&
    typeof answer.api_key === 'string'
  );
}

export interface DemoCustomerOptions {
  readonly gatewayUrl: string;
  readonly apiKey: string;
  /** Of a gateway that speaks HTTPS, else empty. */
  readonly certificateFile: string;
  /** Null for a customer that gets no e-mails. */
  readonly email: string | null;
  readonly signal: AbortSignal;
}

/** Its keys are fixed, so a second call finds the same customer and gives no second money. */
export async function createDemoCustomer({ email, ...options }: DemoCustomerOptions): Promise<string> {
  const client = createGatewayClient({ ...options, connections: 1 });
  try {
    const person = { name: 'Ada Example', ...(email === null ? {} : { email }) };
    const customer = (await client.postUntilFinal('/v1/customers', 'sandbox-demo-customer', person)).body['id'];
    if (typeof customer !== 'string') throw new CliError('The gateway created no customer for a first try.');
    const topUp = { customer, amount: DEMO_TOP_UP_MINOR, currency: 'USD' };
    const { body } = await client.postUntilFinal('/v1/top_ups', 'sandbox-demo-top-up', topUp);
    if (body['status'] !== 'succeeded') throw new CliError(`The first top-up ended as ${String(body['status'])}.`);
    return customer;
  } finally {
    await client.close();
  }
}
