// Gives a merchant customers with more money than the benchmark can spend.

import { CliError } from '../../context.ts';
import { concurrently } from '../../load/concurrently.ts';
import { createGatewayClient } from '../../load/gateway-client.ts';
import type { SandboxMerchant } from '../../supervisor/stack-state.ts';
import type { Target } from '../generator/generator-jobs.ts';

const CONCURRENCY = 64;
/** A hundred million dollars: no benchmark payment is declined. */
const TOP_UP_MINOR = 10_000_000_000n;

export async function createTarget(gatewayUrl: string, merchant: SandboxMerchant, customers: number): Promise<Target> {
  const apiKey = merchant.api_key;
  const client = createGatewayClient({ gatewayUrl, apiKey, connections: CONCURRENCY });
  try {
    const ids: string[] = [];
    const numbers = Array.from({ length: customers }, (_, index) => index);
    await concurrently(numbers, CONCURRENCY, async (number) => {
      const person = { name: `Customer ${number}`, email: `customer-${number}@bench.example` };
      const { body } = await client.postUntilFinal('/v1/customers', `customer-${number}`, person);
      const customer = body['id'];
      if (typeof customer !== 'string') throw new CliError(`The gateway created no customer: ${JSON.stringify(body)}`);
      const topUp = { customer, amount: TOP_UP_MINOR, currency: 'USD' };
      const answer = await client.postUntilFinal('/v1/top_ups', `top-up-${number}`, topUp);
      if (answer.body['status'] !== 'succeeded') {
        throw new CliError(`A top-up of the benchmark failed: ${JSON.stringify(answer.body)}`);
      }
      ids.push(customer);
    });
    return { apiKey, customers: ids };
  } finally {
    await client.close();
  }
}
