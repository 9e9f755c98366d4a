// Keeps books in memory the way the app keeps them in its database, and lays them out for the proof.
import type { Account, Decided, Dispute, LedgerState, Outcome, Payment, Reading, Spend } from '@paystream/ledger';
import { accountsOf, foldBatch, newAccount, operationKey, readOperation } from '@paystream/ledger';
import { keyOfOperation } from '@paystream/payments';
import type { ProofInput } from '@paystream/proof';
import type { PaymentProcessed } from '@paystream/topics';
import { toPaymentProgressed } from '../publish/payment-progressed.ts';
import { toPaymentSettled } from '../publish/payment-settled.ts';
import type { DecidedRecord } from '../publish/place.ts';
import { inWhoseName } from '../publish/place.ts';
import { termsToJson } from '../store/terms-json.ts';

const PARTITIONS = 2;
const SETTLED_AT = 1_788_256_900_000_000n;

interface Partition {
  readonly number: number;
  readonly records: PaymentProcessed[];
  /** Offset of the first record that is not decided yet. */
  next: number;
}

/** A decision with the place it has in the books. */
interface Kept {
  readonly decided: DecidedRecord;
  readonly partition: number;
  readonly ledgerNumber: bigint;
}

/**
 * Decides the records, spread over partitions by their keys, in batches of these sizes taken from the partitions in turn.
 * @returns what the proof would read from log and books
 */
export function keepBooks(records: readonly PaymentProcessed[], batchSizes: readonly number[]): ProofInput {
  const partitions = Array.from({ length: PARTITIONS }, (_, number): Partition => ({ number, records: [], next: 0 }));
  for (const record of records) partitions[partitionOf(record)]?.records.push(record);
  const books = createBooks();
  for (let turn = 0; partitions.some(({ records: all, next }) => next < all.length); turn += 1) {
    const partition = partitions[turn % PARTITIONS];
    if (partition !== undefined) books.decide(partition, batchSizes[turn % batchSizes.length] ?? 1);
  }
  return books.forProof(partitions);
}

function partitionOf(record: PaymentProcessed): number {
  return Buffer.from(keyOfOperation(record)).reduce((sum, byte) => sum + byte, 0) % PARTITIONS;
}

function createBooks() {
  const accounts = new Map<string, Account>();
  const payments = new Map<string, Payment>();
  const disputes = new Map<string, Dispute>();
  const corrected = new Map<string, string>();
  const spends = new Map<string, Spend[]>();
  const decidedKeys = new Set<string>();
  const kept: Kept[] = [];
  const rejected: { partition: number; sourceOffset: bigint }[] = [];
  let ledgerNumber = 0n;

  const stateFor = (readings: readonly Reading[], partition: number): LedgerState => {
    const own = kept.filter((one) => one.partition === partition);
    return {
      accounts: new Map(accountsOf(readings, payments).map((id) => [id, accounts.get(id) ?? newAccount(id)])),
      ...{ payments, disputes, spends },
      corrected: new Set(corrected.keys()),
      decided: decidedKeys,
      outcomes: new Map(
        own.map(({ decided }): [string, Outcome] => [decided.event.operationId, decided.decision.outcome]),
      ),
    };
  };

  return {
    decide: (partition: Partition, size: number): void => {
      const start = partition.next;
      const batch = partition.records.slice(start, start + size);
      partition.next += batch.length;
      if (batch.length === 0) return;
      ledgerNumber += 1n;
      const readings = batch.map((record) => readOperation(record, partition.number));
      const folded = foldBatch(stateFor(readings, partition.number), readings);
      for (const [at, decision] of folded.decisions.entries()) {
        const event = batch[at];
        const offset = BigInt(start + at);
        if (decision.kind === 'rejected') rejected.push({ partition: partition.number, sourceOffset: offset });
        if (decision.kind !== 'decided' || event === undefined) continue;
        decidedKeys.add(operationKey(event));
        kept.push({
          decided: { event, decision, record: recordAt(partition.number, offset) },
          partition: partition.number,
          ledgerNumber,
        });
      }
      for (const account of folded.accounts) accounts.set(account.id, account);
      for (const payment of [...folded.newPayments, ...folded.changedPayments])
        payments.set(payment.paymentId, payment);
      for (const dispute of folded.disputes) disputes.set(dispute.disputeId, dispute);
      for (const { ofOperationId, operationId } of folded.corrections) corrected.set(ofOperationId, operationId);
      for (const { subject, spend } of folded.spends) spends.set(subject, [...(spends.get(subject) ?? []), spend]);
    },
    forProof: (partitions: readonly Partition[]): ProofInput => {
      const rows = kept.map(toOperationRow);
      const outcomesOf = (number: number) => kept.filter(({ partition }) => partition === number);
      return {
        partitions: partitions.map(({ number, records }) => ({
          partition: number,
          cut: BigInt(records.length),
          bounds: {
            published: BigInt(records.length),
            endBefore: BigInt(records.length),
            end: BigInt(records.length),
          },
          asked: chunked(records.map((operation, at) => ({ offset: BigInt(at), key: null, operation }))),
          settled: chunked(
            outcomesOf(number)
              .filter((one) => !isAdmitted(one))
              .map((one) => toPaymentSettled(inWhoseName(one.decided), placeOf(one))),
          ),
          progressed: chunked(
            outcomesOf(number)
              .filter(isAdmitted)
              .map((one) => ({ ...toPaymentProgressed(one.decided, placeOf(one)), ...sourceOf(one) })),
          ),
          deadLetters: chunked(rejected.filter(({ partition }) => partition === number)),
        })),
        books: {
          operations: chunked(rows),
          postings: chunked(
            kept.flatMap(({ decided: { decision }, ledgerNumber: of }) =>
              decision.postings.map((posting, line) => ({ ...posting, line, index: decision.index, ledgerNumber: of })),
            ),
          ),
          accounts: chunked(
            [...accounts.values()].map(({ id, spentMinor, ...rest }) => ({
              ...rest,
              accountId: id,
              spentAmountMinor: spentMinor,
            })),
          ),
          payments: chunked(
            [...payments.values()].map(({ fees, fx, ...rest }) => ({
              ...rest,
              fees: termsToJson(fees),
              fx: fx === null ? null : termsToJson(fx),
            })),
          ),
          corrections: chunked([...corrected].map(([ofOperationId, operationId]) => ({ ofOperationId, operationId }))),
          spends: chunked([...spends].flatMap(([subject, all]) => all.map((spend) => ({ subject, ...spend })))),
          nextLedgerNumber: () => Promise.resolve(ledgerNumber + 1n),
          disputes: chunked([...disputes.values()]),
          findOperations: (ids) => Promise.resolve(rows.filter(({ operationId }) => ids.includes(operationId))),
        },
      };
    },
  };
}

function isAdmitted({ decided }: Kept): boolean {
  return decided.decision.outcome === 'admitted';
}

function placeOf({ ledgerNumber }: Kept) {
  return { ledgerNumber, settledAt: SETTLED_AT };
}

/** Accounts always know it; the topic's schema leaves room for writers who do not. */
function sourceOf({ decided, partition, ledgerNumber }: Kept) {
  const { record, decision } = decided;
  return { sourcePartition: partition, sourceOffset: record.offset, ledgerNumber, ledgerIndex: decision.index };
}

function recordAt(partition: number, offset: bigint): DecidedRecord['record'] {
  return { topic: 'payment.processed', partition, offset, key: null, value: null, headers: {}, timestampMs: 0n };
}

function toOperationRow({ decided: { event, decision, record }, partition, ledgerNumber }: Kept) {
  const { operationId, operation, paymentId, pass } = event;
  const { index, outcome, failure }: Decided = decision;
  return {
    ...{ operationId, operation, paymentId, pass, ledgerNumber, index, outcome },
    sourcePartition: partition,
    sourceOffset: record.offset,
    failureCode: failure?.code ?? null,
  };
}

async function* chunked<Item>(items: readonly Item[]): AsyncIterable<readonly Item[]> {
  if (items.length > 0) yield await Promise.resolve(items);
}
