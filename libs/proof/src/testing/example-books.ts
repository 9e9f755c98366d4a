// Builds a small world for the proof's tests: a log and the books that follow from it, as plain arrays that a test may falsify.

import type { Difference } from '../differences.ts';
import type {
  AccountRow,
  AskedOperation,
  Chunks,
  OperationRow,
  PostingRow,
  ReportedBalance,
  SettledRecord,
} from '../inputs.ts';
import type { ProofReport } from '../prove.ts';
import { proveBooks } from '../prove.ts';

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

export interface World {
  asked: { partition: number; offset: bigint; operation: Mutable<AskedOperation> | null }[];
  settled: Mutable<SettledRecord>[];
  deadLetters: { partition: number; sourceOffset: bigint }[];
  cuts: bigint[];
  operations: Mutable<OperationRow>[];
  postings: Mutable<PostingRow>[];
  accounts: Mutable<AccountRow>[];
}

export type Step =
  | { kind: 'top_up'; customer: string; amountMinor: bigint }
  | { kind: 'pay'; customer: string; amountMinor: bigint; feesMinor: readonly bigint[] }
  | { kind: 'refused'; customer: string; code: string }
  | { kind: 'repeat'; customer: string }
  | { kind: 'garbage'; customer: string };

const PARTITIONS = 2;
const CURRENCY = 'USD';
const MERCHANT = 'mer_1';

/** Customers keep to one partition, as a topic's key would have it. */
function partitionOf(customer: string): number {
  return customer.length % PARTITIONS;
}

/** Plays the steps as an honest accounts app would; `batchSize` records share one ledger number. */
export function buildWorld(steps: readonly Step[], batchSize = 3): World {
  const world: World = {
    asked: [],
    settled: [],
    deadLetters: [],
    cuts: Array.from({ length: PARTITIONS }, () => 0n),
    operations: [],
    postings: [],
    accounts: [],
  };
  const state = new Map<string, { posted: bigint; version: bigint }>();
  const lastOf = new Map<string, Mutable<AskedOperation>>();
  // One batch is open at a time: batches that share an account cannot both hold its lock.
  let batch = { partition: -1, number: 0n, size: 0 };
  let numbersDrawn = 0n;

  steps.forEach((step, stepIndex) => {
    const partition = partitionOf(step.customer);
    const offset = world.cuts[partition] ?? 0n;
    // Transaction markers take offsets too, so the log has gaps.
    world.cuts[partition] = offset + (stepIndex % 4 === 3 ? 2n : 1n);
    const operation =
      step.kind === 'garbage' ? null : step.kind === 'repeat' ? lastOf.get(step.customer) : askFor(step, stepIndex);
    if (operation === undefined) return;
    world.asked.push({ partition, offset, operation: operation === null ? null : { ...operation } });
    if (operation === null) world.deadLetters.push({ partition, sourceOffset: offset });
    if (operation === null || step.kind === 'repeat') return;
    lastOf.set(step.customer, operation);

    if (batch.partition !== partition || batch.size >= batchSize) {
      // Numbers have gaps: a batch that was rolled back keeps its number.
      numbersDrawn += stepIndex % 5 === 0 ? 2n : 1n;
      batch = { partition, number: numbersDrawn, size: 0 };
    }
    decide(world, state, operation, { partition, offset, ledgerNumber: batch.number, index: batch.size });
    batch.size += 1;
  });

  world.accounts = [...state].map(([accountId, { posted, version }]) => ({
    accountId,
    currency: CURRENCY,
    postedMinor: posted,
    heldMinor: 0n,
    version,
  }));
  return world;
}

function askFor(step: Exclude<Step, { kind: 'repeat' | 'garbage' }>, index: number): Mutable<AskedOperation> {
  const isTopUp = step.kind === 'top_up';
  return {
    operationId: `${isTopUp ? 'tu' : 'pay'}_${index}`,
    operation: isTopUp ? 'top_up' : 'pay',
    paymentId: `${isTopUp ? 'tu' : 'pay'}_${index}`,
    method: { type: isTopUp ? 'sandbox' : 'wallet' },
    sourceCurrency: null,
    fx: null,
    route: null,
    environment: 'test',
    merchantId: MERCHANT,
    customerId: step.customer,
    pass: 1,
    kind: step.kind === 'refused' ? 'refused' : 'priced',
    rulesVersion: 1,
    amountMinor: step.kind === 'refused' ? 5n : step.amountMinor,
    currency: CURRENCY,
    fees:
      step.kind === 'pay'
        ? step.feesMinor.map((amountMinor) => ({ amountMinor, currency: CURRENCY, bearer: 'merchant' }))
        : [],
    failure: step.kind === 'refused' ? { code: step.code } : null,
  };
}

interface At {
  partition: number;
  offset: bigint;
  ledgerNumber: bigint;
  index: number;
}

function decide(
  world: World,
  state: Map<string, { posted: bigint; version: bigint }>,
  operation: AskedOperation,
  at: At,
): void {
  const wallet = `test:wallet:${operation.customerId}:${CURRENCY}`;
  const payable = `test:payable:${MERCHANT}:${CURRENCY}`;
  const house = (kind: string) => `test:${kind}:${CURRENCY}:p${at.partition}`;
  const account = (id: string) =>
    state.get(id) ?? state.set(id, { posted: 0n, version: 0n }).get(id) ?? { posted: 0n, version: 0n };
  const amount = operation.amountMinor ?? 0n;
  const fees = operation.fees.reduce((sum, fee) => sum + fee.amountMinor, 0n);
  const isShort = operation.kind === 'priced' && operation.operation === 'pay' && account(wallet).posted < amount;
  const failureCode = operation.failure?.code ?? (isShort ? 'insufficient_funds' : null);

  const lines: [string, string, bigint][] = [];
  if (failureCode === null && operation.operation === 'top_up') lines.push([house('world'), wallet, amount]);
  if (failureCode === null && operation.operation === 'pay') {
    lines.push([wallet, payable, amount - fees]);
    for (const fee of operation.fees) lines.push([wallet, house('fee_income'), fee.amountMinor]);
  }
  const real = lines.filter(([, , minor]) => minor > 0n);
  const before = new Map([wallet, payable].map((id) => [id, account(id).posted]));
  for (const [debit, credit, minor] of real) {
    account(debit).posted -= minor;
    account(credit).posted += minor;
  }
  const touched = new Set(real.flatMap(([debit, credit]) => [debit, credit]));
  for (const id of touched) account(id).version += 1n;

  const { partition, offset, ledgerNumber, index } = at;
  const reported =
    operation.kind === 'refused' ? [] : [payable, wallet].filter((id) => touched.has(id) || id === wallet);
  const balances: ReportedBalance[] = reported.map((accountId) => {
    const { posted, version } = account(accountId);
    const change = posted - (before.get(accountId) ?? 0n);
    return {
      accountId,
      postedChangeMinor: change,
      heldChangeMinor: 0n,
      postedMinor: posted,
      heldMinor: 0n,
      version,
      changed: touched.has(accountId),
    };
  });
  const status = failureCode === null ? 'succeeded' : 'failed';
  const failure = failureCode === null ? null : { code: failureCode };
  const { operationId, paymentId, environment, merchantId, customerId, amountMinor, currency } = operation;
  world.settled.push({
    operationId,
    operation: operation.operation,
    paymentId,
    environment,
    merchantId,
    customerId,
    amountMinor,
    currency,
    status,
    failure,
    balances,
    fees: failure === null ? operation.fees : [],
    sourcePartition: partition,
    sourceOffset: offset,
    ledgerNumber,
    ledgerIndex: index,
  });
  world.operations.push({
    operationId,
    operation: operation.operation,
    paymentId,
    pass: 1,
    sourcePartition: partition,
    sourceOffset: offset,
    status,
    failureCode,
    ledgerNumber,
    index,
  });
  real.forEach(([debitAccount, creditAccount, minor], line) => {
    world.postings.push({
      ledgerNumber,
      index,
      line,
      debitAccount,
      creditAccount,
      currency: CURRENCY,
      amountMinor: minor,
    });
  });
}

/** Proves the world as it now stands, reading everything in chunks of `chunkSize`. */
export async function proveWorld(world: World, chunkSize = 2): Promise<ProofReport> {
  const byPlace = (a: { ledgerNumber: bigint; index: number }, b: { ledgerNumber: bigint; index: number }) =>
    Number(a.ledgerNumber - b.ledgerNumber) || a.index - b.index;
  return await proveBooks({
    partitions: world.cuts.map((cut, partition) => ({
      partition,
      cut,
      asked: inChunks(
        world.asked.filter((record) => record.partition === partition),
        chunkSize,
      ),
      settled: inChunks(
        world.settled.filter((record) => record.sourcePartition === partition),
        chunkSize,
      ),
      deadLetters: inChunks(
        world.deadLetters.filter((record) => record.partition === partition),
        chunkSize,
      ),
    })),
    books: {
      operations: inChunks(world.operations.toSorted(byPlace), chunkSize),
      postings: inChunks(world.postings.toSorted(byPlace), chunkSize),
      accounts: inChunks(world.accounts, chunkSize),
      findOperations: async (ids) =>
        await Promise.resolve(world.operations.filter((row) => ids.includes(row.operationId))),
    },
  });
}

async function* inChunks<Item>(items: readonly Item[], size: number): Chunks<Item> {
  for (let start = 0; start < items.length; start += size)
    yield await Promise.resolve(items.slice(start, start + size));
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

/** The item at `index`, from the end when negative; a test that asks for more than there is fails by name. */
export function at<Item>(items: readonly Item[], index: number): Item {
  const item = items.at(index);
  if (item === undefined) throw new Error(`the example has no item ${index}`);
  return item;
}

/** One way of falsifying a world: what is done, and the difference that must name it. */
export type Falsification = readonly [what: string, kind: Difference['kind'], falsify: (world: World) => void];
