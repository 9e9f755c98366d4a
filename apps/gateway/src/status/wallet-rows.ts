// Works out the balances of customers' wallets and what happened to them.
import { toUuid } from '@paystream/payments';
import type { AccountState } from '@paystream/topics';
import type { WalletTransaction } from '../store/insert-transactions.ts';
import type { CustomerBalance } from '../store/upsert-balances.ts';
import type { AccountChanges } from './account-changes.ts';

export function isWallet({ kind }: AccountState): boolean {
  return kind === 'wallet';
}

/** Each wallet's balance once, as of its highest version. */
export function toWalletBalances(batch: readonly AccountChanges[]): CustomerBalance[] {
  const newest = new Map<string, CustomerBalance>();
  for (const { balances, atMicros } of batch) {
    for (const state of balances) if (isWallet(state)) keepNewest(newest, state, atMicros);
  }
  return [...newest.values()];
}

function keepNewest(newest: Map<string, CustomerBalance>, state: AccountState, atMicros: bigint): void {
  const known = newest.get(state.accountId);
  if (known !== undefined && known.version >= state.version) return;
  newest.set(state.accountId, {
    customerUuid: toUuid(state.ownerId),
    currency: state.currency,
    postedMinor: state.postedMinor,
    heldMinor: state.heldMinor,
    version: state.version,
    updatedAtMicros: atMicros,
  });
}

export function toWalletTransactions(changes: AccountChanges): WalletTransaction[] {
  return changes.balances.filter(isWallet).flatMap((state) => {
    const amountMinor = amountOf(changes, state);
    if (amountMinor === undefined) return [];
    const { ledgerNumber, ledgerIndex, operationId, paymentId, operation: kind, status, methodType } = changes;
    return {
      ...{ ledgerNumber, ledgerIndex, operationId, paymentId, kind, status, amountMinor, methodType },
      customerUuid: toUuid(state.ownerId),
      currency: state.currency,
      heldChangeMinor: state.changed ? state.heldChangeMinor : 0n,
      counterpartyId: state.counterpartyId,
      balanceAfterMinor: state.postedMinor,
      settledAtMicros: changes.atMicros,
    };
  });
}

/** What came into the wallet or left it; of a failed operation what would have; undefined where neither is so. */
function amountOf(changes: AccountChanges, state: AccountState): bigint | undefined {
  if (!state.changed) return changes.status === 'failed' ? wouldHaveBeen(changes, state) : undefined;
  const { postedChangeMinor, heldChangeMinor } = state;
  // A command upon the wallet moves nothing.
  return postedChangeMinor === 0n && heldChangeMinor === 0n ? undefined : postedChangeMinor;
}

function wouldHaveBeen(changes: AccountChanges, { ownerId, currency }: AccountState): bigint | undefined {
  const { operation, customerId, fx } = changes;
  // Somebody else's operation failed, and it is nothing to this wallet.
  if (ownerId !== customerId) return undefined;
  const amount = fx?.fromCurrency === currency ? fx.fromAmountMinor : (changes.amountMinor ?? 0n);
  switch (operation) {
    case 'pay':
    case 'authorize':
    case 'capture':
    case 'transfer':
    case 'pay_out':
      return -amount;
    case 'top_up':
    case 'refund':
      return amount;
    default:
      return undefined;
  }
}
