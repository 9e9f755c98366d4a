// Works out all rows that say what became of accounts: newest balances, and what happened to them, customers' and merchants'.
import type { StatusRows } from '../store/save-status.ts';
import type { AccountChanges } from './account-changes.ts';
import { toMerchantBalances, toMerchantTransactions } from './merchant-rows.ts';
import { toWalletBalances, toWalletTransactions } from './wallet-rows.ts';

export function toAccountRows(batch: readonly AccountChanges[]): Omit<StatusRows, 'outcomes'> {
  return {
    balances: toWalletBalances(batch),
    transactions: batch.flatMap(toWalletTransactions),
    merchantBalances: toMerchantBalances(batch),
    merchantTransactions: batch.flatMap(toMerchantTransactions),
  };
}
