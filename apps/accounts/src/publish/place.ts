// Says from where and at which place in the books a decision was taken: every event of accounts carries it.
import type { IncomingRecord } from '@paystream/messaging';
import type { Decided } from '@paystream/ledger';
import type { PaymentProcessed } from '@paystream/topics';

/** A record with the decision on it. */
export interface DecidedRecord {
  readonly record: IncomingRecord;
  readonly event: PaymentProcessed;
  readonly decision: Decided;
}

/** The decision in the name of the operation that it ends, where it ends one: that is what others wait for. */
export function inWhoseName(decided: DecidedRecord): DecidedRecord {
  const { event, decision } = decided;
  if (decision.ends === null) return decided;
  return { ...decided, event: { ...event, operation: 'pay_out', operationId: decision.ends } };
}

/** What all decisions of a batch share. */
export interface BatchPlace {
  readonly ledgerNumber: bigint;
  /** Clock of the accounts' database, microseconds since the epoch, UTC. */
  readonly settledAt: bigint;
}

/** The fields of an event that lead back to its cause and its place in the books. */
export function sourceAndPlace({ record, decision }: DecidedRecord, { ledgerNumber }: BatchPlace) {
  return {
    sourcePartition: record.partition,
    sourceOffset: record.offset,
    ledgerNumber,
    ledgerIndex: decision.index,
  };
}
