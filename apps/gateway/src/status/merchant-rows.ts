// Works out what merchants are owed and owe, and what happened to it.
import { toUuid } from '@paystream/payments';
import type { AccountState } from '@paystream/topics';
import type { MerchantTransaction } from '../store/insert-merchant-transactions.ts';
import type { MerchantBalance } from '../store/upsert-merchant-balances.ts';
import type { AccountChanges } from './account-changes.ts';
import { IN_TRANSIT } from './account-changes.ts';

/** A merchant's account; the receivable of a customer is none. */
export function isMerchantAccount({ kind, ownerId }: AccountState): boolean {
  return (kind === 'payable' || kind === 'receivable') && ownerId.startsWith('mer_');
}

/** Each account's balance once, as of its highest version. */
export function toMerchantBalances(batch: readonly AccountChanges[]): MerchantBalance[] {
  const newest = new Map<string, MerchantBalance>();
  for (const { balances, environment, atMicros } of batch) {
    for (const state of balances.filter(isMerchantAccount)) {
      const known = newest.get(state.accountId);
      if (known !== undefined && known.version >= state.version) continue;
      const { kind, currency, postedMinor, heldMinor, version } = state;
      newest.set(state.accountId, {
        merchantUuid: toUuid(state.ownerId),
        ...{ environment, kind, currency, postedMinor, heldMinor, version, updatedAtMicros: atMicros },
      });
    }
  }
  return [...newest.values()];
}

export function toMerchantTransactions(changes: AccountChanges): MerchantTransaction[] {
  return changes.balances.filter(isMerchantAccount).flatMap((state) => {
    const netMinor = state.changed ? state.postedChangeMinor : 0n;
    if (netMinor === 0n) return [];
    const feeMinor = state.kind === 'payable' ? feesOf(changes, state) : 0n;
    const { environment, ledgerNumber, ledgerIndex, operationId, paymentId, operation: kind } = changes;
    return {
      ...{ environment, ledgerNumber, ledgerIndex, operationId, paymentId, kind, feeMinor, netMinor },
      merchantUuid: toUuid(state.ownerId),
      accountKind: state.kind,
      currency: state.currency,
      grossMinor: netMinor + feeMinor,
      balanceAfterMinor: state.postedMinor,
      settledAtMicros: changes.atMicros,
    };
  });
}

/** What the payable bore of the fees, below zero when they were given back: of a pay-out all of them. */
function feesOf(changes: AccountChanges, state: AccountState): bigint {
  const { operation, status, fees, amountMinor } = changes;
  // What left beside the amount and what was repaid of it.
  if (status === IN_TRANSIT) return -state.postedChangeMinor - (amountMinor ?? 0n) - repaidMinor(changes, state);
  return fees
    .filter(({ currency, bearer }) => currency === state.currency && (bearer === 'merchant' || operation === 'pay_out'))
    .reduce((sum, fee) => sum + fee.amountMinor, 0n);
}

function repaidMinor({ balances }: AccountChanges, { ownerId, currency }: AccountState): bigint {
  const owed = balances.find(
    (each) => each.kind === 'receivable' && each.ownerId === ownerId && each.currency === currency,
  );
  return owed?.postedChangeMinor ?? 0n;
}
