// Works out, from what has been settled, what merchants are owed and owe, and what happened to it.
import { toUuid } from '@paystream/payments';
import type { AccountState, PaymentSettled } from '@paystream/topics';
import type { MerchantTransaction } from '../store/insert-merchant-transactions.ts';
import type { MerchantBalance } from '../store/upsert-merchant-balances.ts';

/** A merchant's account; the receivable of a customer is none. */
export function isMerchantAccount({ kind, ownerId }: AccountState): boolean {
  return (kind === 'payable' || kind === 'receivable') && ownerId.startsWith('mer_');
}

/** Each account's balance once, as of its highest version. */
export function toMerchantBalances(batch: readonly PaymentSettled[]): MerchantBalance[] {
  const newest = new Map<string, MerchantBalance>();
  for (const { balances, environment, settledAt } of batch) {
    for (const state of balances.filter(isMerchantAccount)) {
      const known = newest.get(state.accountId);
      if (known !== undefined && known.version >= state.version) continue;
      const { kind, currency, postedMinor, heldMinor, version } = state;
      newest.set(state.accountId, {
        merchantUuid: toUuid(state.ownerId),
        ...{ environment, kind, currency, postedMinor, heldMinor, version, updatedAtMicros: settledAt },
      });
    }
  }
  return [...newest.values()];
}

export function toMerchantTransactions(settled: PaymentSettled): MerchantTransaction[] {
  return settled.balances.filter(isMerchantAccount).flatMap((state) => {
    const netMinor = changeOf(settled, state);
    if (netMinor === 0n) return [];
    const feeMinor = state.kind === 'payable' ? feesOf(settled, state) : 0n;
    return {
      merchantUuid: toUuid(state.ownerId),
      environment: settled.environment,
      ledgerNumber: settled.ledgerNumber,
      ledgerIndex: settled.ledgerIndex,
      accountKind: state.kind,
      currency: state.currency,
      operationId: settled.operationId,
      paymentId: settled.paymentId,
      kind: settled.operation,
      ...{ grossMinor: netMinor + feeMinor, feeMinor, netMinor },
      balanceAfterMinor: state.postedMinor,
      settledAtMicros: settled.settledAt,
    };
  });
}

/** A pay-out left the payable when it was admitted, of which there is no settled event: it is told when it is paid. */
function changeOf(settled: PaymentSettled, state: AccountState): bigint {
  const { operation, status, amountMinor } = settled;
  if (operation !== 'pay_out') return state.changed ? state.postedChangeMinor : 0n;
  if (status === 'failed' || state.kind !== 'payable') return 0n;
  return -(amountMinor ?? 0n) - feesOf(settled, state);
}

/** What the payable bears of the fees: of a pay-out all of them. */
function feesOf({ operation, fees }: PaymentSettled, { currency }: AccountState): bigint {
  return fees
    .filter((fee) => fee.currency === currency && (fee.bearer === 'merchant' || operation === 'pay_out'))
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
}
