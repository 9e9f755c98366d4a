// Makes the benchmark's payments: round robin over merchants and their customers, each with a key of its own.

import type { Target } from './generator-jobs.ts';

export interface MadePayment {
  readonly apiKey: string;
  readonly idempotencyKey: string;
  readonly customer: string;
  /** Minor units of USD. */
  readonly amount: number;
}

/** Payments from 10.00 to 19.99 USD: enough to carry the sandbox's fee. */
const AMOUNT_MIN = 1_000;
const AMOUNT_STEPS = 1_000;

/** The next payment at each call, for ever. */
export function createPayments(targets: readonly Target[], keyPrefix: string): () => MadePayment {
  let made = 0;
  return () => {
    const target = targets[made % targets.length];
    const customer = target?.customers[Math.floor(made / targets.length) % target.customers.length];
    if (target === undefined || customer === undefined) throw new Error('the benchmark has no customers to pay from');
    const amount = AMOUNT_MIN + (made % AMOUNT_STEPS);
    made += 1;
    return { apiKey: target.apiKey, idempotencyKey: `${keyPrefix}-${made}`, customer, amount };
  };
}

export function singleHeaders({ apiKey, idempotencyKey }: MadePayment, waitSeconds: number): Record<string, string> {
  return {
    authorization: `Bearer ${apiKey}`,
    'content-type': 'application/json',
    'idempotency-key': idempotencyKey,
    prefer: `wait=${waitSeconds}`,
  };
}

export function singleBody({ customer, amount }: MadePayment): string {
  return `{"amount":${amount},"currency":"USD","customer":"${customer}"}`;
}

export function batchLine({ customer, amount, idempotencyKey }: MadePayment): string {
  return `{"amount":${amount},"currency":"USD","customer":"${customer}","idempotency_key":"${idempotencyKey}"}\n`;
}
