// Works out, from what has been settled, the balances of customers' wallets and what happened to them.
import { toUuid } from '@paystream/payments';
import type { AccountState, PaymentSettled } from '@paystream/topics';
import type { WalletTransaction } from '../store/insert-transactions.ts';
import type { CustomerBalance } from '../store/upsert-balances.ts';

export function isWallet({ kind }: AccountState): boolean {
  return kind === 'wallet';
}

/** Each wallet's balance once, as of its highest version. */
export function toWalletBalances(batch: readonly PaymentSettled[]): CustomerBalance[] {
  const newest = new Map<string, CustomerBalance>();
  for (const { balances, settledAt } of batch) {
    for (const state of balances) if (isWallet(state)) keepNewest(newest, state, settledAt);
  }
  return [...newest.values()];
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

export function toWalletTransactions(settled: PaymentSettled): WalletTransaction[] {
  return settled.balances.filter(isWallet).flatMap((state) => {
    const amountMinor = amountOf(settled, state);
    if (amountMinor === undefined) return [];
    return {
      customerUuid: toUuid(state.ownerId),
      ledgerNumber: settled.ledgerNumber,
      ledgerIndex: settled.ledgerIndex,
      currency: state.currency,
      operationId: settled.operationId,
      paymentId: settled.paymentId,
      kind: settled.operation,
      status: settled.status,
      amountMinor,
      heldChangeMinor: state.changed ? state.heldChangeMinor : 0n,
      methodType: settled.method?.type ?? null,
      counterpartyId: state.counterpartyId,
      balanceAfterMinor: state.postedMinor,
      settledAtMicros: settled.settledAt,
    };
  });
}

/** What came into the wallet or left it; of a failed operation what would have; undefined where neither is so. */
function amountOf(settled: PaymentSettled, state: AccountState): bigint | undefined {
  const { operation, status } = settled;
  // It left the wallet when it was admitted, of which there is no settled event: it is told when it ends.
  if (operation === 'pay_out')
    return -(settled.amountMinor ?? 0n) - (status === 'failed' ? 0n : feesOf(settled, state));
  if (!state.changed) return status === 'failed' ? wouldHaveBeen(settled, state) : undefined;
  const { postedChangeMinor, heldChangeMinor } = state;
  // A command upon the wallet moves nothing.
  return postedChangeMinor === 0n && heldChangeMinor === 0n ? undefined : postedChangeMinor;
}

/** Its purse bears them all. */
function feesOf({ fees }: PaymentSettled, { currency }: AccountState): bigint {
  return fees.filter((fee) => fee.currency === currency).reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
}

function wouldHaveBeen(settled: PaymentSettled, { ownerId, currency }: AccountState): bigint | undefined {
  const { operation, customerId, fx } = settled;
  // Somebody else's operation failed, and it is nothing to this wallet.
  if (ownerId !== customerId) return undefined;
  const amount = fx?.fromCurrency === currency ? fx.fromAmountMinor : (settled.amountMinor ?? 0n);
  switch (operation) {
    case 'pay':
    case 'authorize':
    case 'capture':
    case 'transfer':
      return -amount;
    case 'top_up':
    case 'refund':
      return amount;
    default:
      return undefined;
  }
}
