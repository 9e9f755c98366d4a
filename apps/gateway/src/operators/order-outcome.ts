// Freezes what an operator's order came to: the owners' accounts as they are after it.
import { toJson } from '@paystream/http';
import type { Operation } from '@paystream/payments';
import { operationPrefixes } from '@paystream/payments';
import type { AccountState, PaymentSettled } from '@paystream/topics';
import { uuidOf } from '../operation-id.ts';
import type { Outcome } from '../store/insert-outcomes.ts';

const ORDERED: ReadonlySet<string> = new Set<Operation>(['freeze', 'unfreeze', 'close', 'limit', 'correct']);

/** Undefined for what no operator orders. */
export function toOrderOutcome(settled: PaymentSettled): Outcome | undefined {
  const { operationId, operation, status, failure, settledAt, balances } = settled;
  if (!ORDERED.has(operation)) return undefined;
  const uuid = uuidOf(operationPrefixes[operation as Operation], operationId); // one of ORDERED
  if (uuid === undefined) return undefined;
  const answer = toJson({ accounts: balances.map(toAccountObject) });
  return { uuid, status, failureCode: failure?.code ?? null, settledAtMicros: settledAt, answer };
}

function toAccountObject(state: AccountState): object {
  return {
    account: state.accountId,
    status: state.status,
    posted: state.postedMinor,
    held: state.heldMinor,
    overdraft: state.overdraftMinor,
    version: state.version,
  };
}
