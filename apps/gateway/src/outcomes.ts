// Works out, from what has been settled, the rows the gateway shows: frozen answers, balances, transactions.
import { isPaymentStatus, toUuid } from '@paystream/payments';
import type { AccountState, PaymentSettled } from '@paystream/topics';
import { uuidOf } from './operation-id.ts';
import { toOrderOutcome } from './operators/order-outcome.ts';
import { renderOperation } from './payments/render.ts';
import type { Outcome } from './store/insert-outcomes.ts';
import type { WalletTransaction } from './store/insert-transactions.ts';
import type { CustomerBalance } from './store/upsert-balances.ts';

export interface SettledRows {
  outcomes: Outcome[];
  balances: CustomerBalance[];
  transactions: WalletTransaction[];
}

/** Operations a merchant asks the gateway for; others have no answer here yet. */
const ANSWERED: ReadonlySet<string> = new Set(['pay', 'top_up']);

/** Why a record that can be read cannot be right; undefined when it can. */
export function faultOf(settled: PaymentSettled): string | undefined {
  const { status, paymentStatus, balances } = settled;
  if (!isStatus(status) || !isStatus(paymentStatus)) return 'a status is not known';
  if (balances.some(isOrphan)) return 'a wallet has no owner';
  if (!ANSWERED.has(settled.operation)) return undefined;
  const prefix = settled.operation === 'pay' ? 'pay' : 'tu';
  if (uuidOf(prefix, settled.operationId) === undefined) return 'operationId is not an id';
  return undefined;
}

/** The rows of a batch, each wallet's balance once, as of its highest version. */
export function toRows(batch: readonly PaymentSettled[]): SettledRows {
  const newest = new Map<string, CustomerBalance>();
  for (const settled of batch) {
    for (const state of settled.balances) if (isWallet(state)) keepNewest(newest, state, settled.settledAt);
  }
  return {
    outcomes: batch.flatMap((settled) => toOutcome(settled) ?? toOrderOutcome(settled) ?? []),
    balances: [...newest.values()],
    transactions: batch.flatMap(toTransactions),
  };
}

function isStatus(status: string): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'manual_review' || isPaymentStatus(status);
}

function isOrphan(state: AccountState): boolean {
  return isWallet(state) && uuidOf('cus', state.ownerId) === undefined;
}

function isWallet({ kind }: AccountState): boolean {
  return kind === 'wallet';
}

function toOutcome(settled: PaymentSettled): Outcome | undefined {
  const { operationId, operation, customerId, amountMinor, currency } = settled;
  if (!ANSWERED.has(operation)) return undefined;
  if (customerId === null || amountMinor === null || currency === null) return undefined;
  const status = operation === 'pay' ? settled.paymentStatus : settled.status;
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
