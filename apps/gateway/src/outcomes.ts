// Works out, from what has been settled, the rows the gateway shows: frozen answers, balances, transactions.
import { isId, isPaymentStatus, toUuid } from '@paystream/payments';
import type { AccountState, PaymentSettled } from '@paystream/topics';
import { renderOperation } from './payments/render.ts';
import type { Outcome } from './store/insert-outcomes.ts';
import type { WalletTransaction } from './store/insert-transactions.ts';
import type { CustomerBalance } from './store/upsert-balances.ts';

export interface SettledRows {
  outcomes: Outcome[];
  balances: CustomerBalance[];
  transactions: WalletTransaction[];
}

/** Why a record that can be read cannot be right; undefined when it can. */
export function faultOf(settled: PaymentSettled): string | undefined {
  if (!isStatus(settled.status)) return `status ${settled.status.slice(0, 40)} is not known`;
  if (!hasUuid(settled.operationId)) return 'operationId is not an id';
  if (settled.balances.some((state) => isWallet(state) && !isId('cus', state.ownerId))) return 'a wallet has no owner';
  return undefined;
}

/** The rows of a batch, each wallet's balance once, as of its highest version. */
export function toRows(batch: readonly PaymentSettled[]): SettledRows {
  const newest = new Map<string, CustomerBalance>();
  for (const settled of batch) {
    for (const state of settled.balances) if (isWallet(state)) keepNewest(newest, state, settled.settledAt);
  }
  return {
    outcomes: batch.flatMap((settled) => toOutcome(settled) ?? []),
    balances: [...newest.values()],
    transactions: batch.flatMap(toTransactions),
  };
}

function isStatus(status: string): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'manual_review' || isPaymentStatus(status);
}

function hasUuid(id: string): boolean {
  try {
    toUuid(id);
    return true;
  } catch {
    return false;
  }
}

function isWallet({ kind }: AccountState): boolean {
  return kind === 'wallet';
}

/** Only the operations a merchant asks for here have an answer; others are none of the gateway's yet. */
function toOutcome(settled: PaymentSettled): Outcome | undefined {
  const { operationId, operation, customerId, amountMinor, currency } = settled;
  const isPayment = operation === 'pay';
  if (!isPayment && operation !== 'top_up') return undefined;
  if (customerId === null || amountMinor === null || currency === null) return undefined;
  const status = isPayment ? settled.paymentStatus : settled.status;
  const answer = renderOperation({
    ...{ id: operationId, operation, status, amountMinor, currency, customerId },
    fees: settled.fees,
    failure: settled.failure,
    createdAtMicros: settled.requestedAt,
    settledAtMicros: settled.settledAt,
  });
  const failureCode = settled.failure?.code ?? null;
  return { uuid: toUuid(operationId), status, failureCode, settledAtMicros: settled.settledAt, answer };
}

function keepNewest(newest: Map<string, CustomerBalance>, state: AccountState, settledAtMicros: bigint): void {
  const known = newest.get(state.accountId);
  if (known !== undefined && known.version >= state.version) return;
  newest.set(state.accountId, {
    customerUuid: toUuid(state.ownerId),
    currency: state.currency,
    postedMinor: state.postedMinor,
    heldMinor: state.heldMinor,
    version: state.version,
    updatedAtMicros: settledAtMicros,
  });
}

function toTransactions(settled: PaymentSettled): WalletTransaction[] {
  return settled.balances.filter(isWallet).map((state) => ({
    customerUuid: toUuid(state.ownerId),
    ledgerNumber: settled.ledgerNumber,
    ledgerIndex: settled.ledgerIndex,
    currency: state.currency,
    operationId: settled.operationId,
    paymentId: settled.paymentId,
    kind: settled.operation,
    status: settled.status,
    amountMinor: state.changed ? state.postedChangeMinor : wouldHaveBeen(settled),
    methodType: settled.method?.type ?? null,
    counterpartyId: state.counterpartyId,
    balanceAfterMinor: state.postedMinor,
    settledAtMicros: settled.settledAt,
  }));
}

/** What a failed operation would have done to the wallet: a top-up brings money, the rest takes it. */
function wouldHaveBeen({ operation, amountMinor }: PaymentSettled): bigint {
  const amount = amountMinor ?? 0n;
  return operation === 'top_up' ? amount : -amount;
}
