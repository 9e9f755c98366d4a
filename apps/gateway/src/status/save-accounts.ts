// Stores what became of accounts: newest balances, and what happened to them, customers' and merchants'.
import type { Transaction } from '@paystream/database';
import { insertMerchantTransactions } from '../store/insert-merchant-transactions.ts';
import { insertTransactions } from '../store/insert-transactions.ts';
import { upsertBalances } from '../store/upsert-balances.ts';
import { upsertMerchantBalances } from '../store/upsert-merchant-balances.ts';
import type { AccountChanges } from './account-changes.ts';
import { toMerchantBalances, toMerchantTransactions } from './merchant-rows.ts';
import { toWalletBalances, toWalletTransactions } from './wallet-rows.ts';

/** In one order, so that two consumers never block each other. */
export async function saveAccounts(transaction: Transaction, batch: readonly AccountChanges[]): Promise<void> {
  await upsertBalances(transaction, toWalletBalances(batch));
  await insertTransactions(transaction, batch.flatMap(toWalletTransactions));
  await upsertMerchantBalances(transaction, toMerchantBalances(batch));
  await insertMerchantTransactions(transaction, batch.flatMap(toMerchantTransactions));
}
