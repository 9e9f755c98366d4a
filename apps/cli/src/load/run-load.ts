// Sends a file of purchases through the gateway as its customers would: money first, then one purchase after the other.

import { CliError } from '../context.ts';
import { concurrently } from './concurrently.ts';
import type { FinalAnswer, GatewayClient } from './gateway-client.ts';
import { createGatewayClient } from './gateway-client.ts';
import { customerKey, purchaseKey, topUpKey } from './keys.ts';
import type { CustomerPlan } from './plan.ts';
import { planLoad } from './plan.ts';
import type { Progress } from './progress.ts';
import { silentProgress } from './progress.ts';
import type { Purchase } from './purchases.ts';
import { PURCHASE_CURRENCY, readPurchases } from './purchases.ts';
import type { LoadSummary, Tally } from './summary.ts';
import { createTally } from './summary.ts';

export const LOAD_CONCURRENCY = 64;
/** Share of the customers who get half of the money they need. */
export const SHORT_SHARE = 0.1;

export interface LoadOptions {
  readonly gatewayUrl: string;
  readonly apiKey: string;
  /** Of a gateway that speaks HTTPS; empty, or left out, for plain HTTP. */
  readonly certificateFile?: string;
  /** Path of the CSV file. */
  readonly file: string;
  readonly concurrency?: number;
  /** 0 to 1. */
  readonly shortShare?: number;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

/**
 * Loads a file. Keys follow from the rows, so a second run charges nobody again and ends with the same decisions.
 * Throws `CliError` for a faulty file, a refused API key, or a gateway that stays away.
 */
export async function runLoad(options: LoadOptions): Promise<LoadSummary> {
  const {
    gatewayUrl,
    apiKey,
    certificateFile = '',
    concurrency = LOAD_CONCURRENCY,
    progress = silentProgress,
    signal,
  } = options;
  const purchases = await readPurchases(options.file);
  const plans = planLoad(purchases, options.shortShare ?? SHORT_SHARE);
  const connections = { gatewayUrl, apiKey, certificateFile, connections: concurrency };
  const client = createGatewayClient(signal === undefined ? connections : { ...connections, signal });
  const tally = createTally();
  try {
    const ids = new Map<string, string>();
    progress.start('customers', plans.length);
    await concurrently(plans, concurrency, async (plan) => {
      ids.set(plan.customer, await prepareCustomer(client, plan, tally));
      progress.advance();
    });

    progress.start('purchases', purchases.length);
    const start = performance.now();
    // Whoever has most to buy begins: purchases of one customer follow each other, and the longest row of them ends last.
    const longestFirst = plans.toSorted((a, b) => b.purchases.length - a.purchases.length);
    await concurrently(longestFirst, concurrency, async (plan) => {
      for (const purchase of plan.purchases) {
        await buy(client, ids.get(plan.customer) ?? '', purchase, tally);
        progress.advance();
      }
    });
    const seconds = (performance.now() - start) / 1_000;
    const customersShort = plans.filter((plan) => plan.isShort).length;
    return tally.summarize({ rows: purchases.length, customers: plans.length, customersShort, seconds });
  } finally {
    progress.stop();
    await client.close();
  }
}

/** Creates the customer and gives it its money; returns its id. */
async function prepareCustomer(client: GatewayClient, plan: CustomerPlan, tally: Tally): Promise<string> {
  const { customer, topUpMinor } = plan;
  const person = { name: `Customer ${customer}`, email: `customer-${customer}@shop.example` };
  const created = await client.postUntilFinal('/v1/customers', customerKey(customer), person);
  tally.retried(created.retries);
  const id = mustSucceed(created, `customer ${customer}`)['id'];
  if (typeof id !== 'string') throw new CliError(`The gateway created customer ${customer} without an id.`);
  if (topUpMinor > 0n) {
    const topUp = { customer: id, amount: topUpMinor, currency: PURCHASE_CURRENCY };
    const answer = await client.postUntilFinal('/v1/top_ups', topUpKey(customer, topUpMinor), topUp);
    tally.retried(answer.retries);
    const { status } = mustSucceed(answer, `top-up of customer ${customer}`);
    if (status !== 'succeeded') throw new CliError(`The top-up of customer ${customer} ended as ${String(status)}.`);
  }
  return id;
}

function mustSucceed({ status, body }: FinalAnswer, what: string): FinalAnswer['body'] {
  if (status < 300) return body;
  throw new CliError(`The gateway refused the ${what} (${status}): ${String(body['detail'] ?? body['title'])}`);
}

async function buy(client: GatewayClient, customerId: string, purchase: Purchase, tally: Tally): Promise<void> {
  const { date, quantity, amountMinor } = purchase;
  const payment = {
    amount: amountMinor,
    currency: PURCHASE_CURRENCY,
    customer: customerId,
    description: `Purchase of ${date}`,
    metadata: {
      date,
      quantity,
    },
  };
  const answer = await client.postUntilFinal('/v1/payments', purchaseKey(purchase), payment);
  tally.retried(answer.retries);
  if (answer.status >= 400) {
    const { code } = answer.body;
    tally.refused(typeof code === 'string' ? code : String(answer.status));
    return;
  }
  tally.latency(answer.milliseconds);
  if (answer.isReplay) tally.replayed();
  if (answer.body['status'] === 'failed') tally.failed(failureCodeOf(answer.body));
  else tally.succeeded();
}

function failureCodeOf({ failure }: FinalAnswer['body']): string {
  return typeof failure === 'object' && failure !== null && 'code' in failure ? String(failure.code) : 'unknown';
}
