// Builds worlds of top-ups and payments for the proof's tests, as an honest accounts app would keep them.

import type { AskedOperation } from '../inputs.ts';
import { ask, fee } from './ask.ts';
import type { Told, World } from './bookkeeper.ts';
import { createBookkeeper } from './bookkeeper.ts';

export type Step =
  | { kind: 'top_up'; customer: string; amountMinor: bigint }
  | { kind: 'pay'; customer: string; amountMinor: bigint; feesMinor: readonly bigint[] }
  | { kind: 'refused'; customer: string; code: string }
  | { kind: 'repeat'; customer: string }
  | { kind: 'garbage'; customer: string };

const PARTITIONS = 2;

/** Customers keep to one partition, as a topic's key would have it. */
function partitionOf(customer: string): number {
  return customer.length % PARTITIONS;
}

/** Plays the steps; `batchSize` records share one ledger number. */
export function buildWorld(steps: readonly Step[], batchSize = 3): World {
  const books = createBookkeeper(PARTITIONS, batchSize);
  const lastOf = new Map<string, AskedOperation>();
  steps.forEach((step, index) => {
    const partition = partitionOf(step.customer);
    if (step.kind === 'garbage') {
      books.garbage(partition);
      return;
    }
    if (step.kind === 'repeat') {
      const asked = lastOf.get(step.customer);
      if (asked !== undefined) books.repeat(partition, asked);
      return;
    }
    const asked = askFor(step, index);
    lastOf.set(step.customer, asked);
    const wallet = `wallet:${step.customer}:USD`;
    books.record(partition, asked, tell(step, asked, wallet, books.of(`test:${wallet}`).postedMinor));
  });
  return books.world();
}

function askFor(step: Exclude<Step, { kind: 'repeat' | 'garbage' }>, index: number): AskedOperation {
  const isTopUp = step.kind === 'top_up';
  const amountMinor = step.kind === 'refused' ? 5n : step.amountMinor;
  return ask({
    operationId: `${isTopUp ? 'tu' : 'pay'}_${index}`,
    operation: isTopUp ? 'top_up' : 'pay',
    customerId: step.customer,
    kind: step.kind === 'refused' ? 'refused' : 'priced',
    amountMinor,
    fees: step.kind === 'pay' ? step.feesMinor.map((minor) => flatFee(minor, amountMinor)) : [],
    failure: step.kind === 'refused' ? { code: step.code } : null,
  });
}

export function flatFee(amountMinor: bigint, baseMinor: bigint) {
  return fee({ percentBps: 0, fixedMinor: amountMinor, amountMinor, baseMinor });
}

function tell(step: Step, { amountMinor, fees }: AskedOperation, wallet: string, hasMinor: bigint): Told {
  const amount = amountMinor ?? 0n;
  if (step.kind === 'refused') return { status: 'failed', code: step.code };
  if (step.kind === 'top_up') return { status: 'succeeded', lines: [`world:USD > ${wallet} ${amount}`] };
  if (hasMinor < amount) return { status: 'failed', code: 'insufficient_funds', reads: [wallet] };
  const taken = fees.filter((line) => line.amountMinor > 0n);
  const netMinor = taken.reduce((left, line) => left - line.amountMinor, amount);
  return {
    status: 'succeeded',
    lines: [
      ...(netMinor > 0n ? [`${wallet} > payable:mer_shop:USD ${netMinor}`] : []),
      ...taken.map((line) => `${wallet} > fee_income:USD ${line.amountMinor}`),
    ],
    spender: wallet,
    fees: taken.map(({ ruleId, ruleVersion, currency, amountMinor: minor }) => ({
      ruleId,
      ruleVersion,
      amountMinor: minor,
      currency,
    })),
    payment: { status: 'succeeded', authorizedMinor: amount, capturedMinor: amount },
  };
}

/** A fixed world in which everything occurs once: approvals, fees, declines, refusals, repetitions and dead letters. */
export function exampleWorld(): World {
  return buildWorld([
    { kind: 'top_up', customer: 'cus_a', amountMinor: 10_000n },
    { kind: 'top_up', customer: 'cus_bb', amountMinor: 500n },
    { kind: 'pay', customer: 'cus_a', amountMinor: 1_099n, feesMinor: [62n] },
    { kind: 'garbage', customer: 'cus_a' },
    { kind: 'pay', customer: 'cus_bb', amountMinor: 600n, feesMinor: [47n] },
    { kind: 'repeat', customer: 'cus_a' },
    { kind: 'refused', customer: 'cus_bb', code: 'currency_not_supported' },
    { kind: 'pay', customer: 'cus_bb', amountMinor: 500n, feesMinor: [500n] },
    { kind: 'pay', customer: 'cus_a', amountMinor: 900n, feesMinor: [30n, 26n] },
    { kind: 'repeat', customer: 'cus_bb' },
    { kind: 'pay', customer: 'cus_ccc', amountMinor: 1n, feesMinor: [] },
    { kind: 'top_up', customer: 'cus_a', amountMinor: 1n },
  ]);
}
