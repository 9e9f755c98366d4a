// Works out, from what has been settled, the rows the gateway shows: frozen answers, balances, transactions.
import { isOperation, isPaymentStatus, operationPrefixes, toUuid } from '@paystream/payments';
import type { AccountState, PaymentSettled } from '@paystream/topics';
import type { Terms } from './intake/terms.ts';
import { uuidOf } from './operation-id.ts';
import { settledFacts } from './payments/facts.ts';
import { renderOperation } from './payments/render.ts';
import { isMerchantAccount, toMerchantBalances, toMerchantTransactions } from './status/merchant-rows.ts';
import { isWallet, toWalletBalances, toWalletTransactions } from './status/wallet-rows.ts';
import type { MerchantTransaction } from './store/insert-merchant-transactions.ts';
import type { Outcome } from './store/insert-outcomes.ts';
import type { WalletTransaction } from './store/insert-transactions.ts';
import type { CustomerBalance } from './store/upsert-balances.ts';
import type { MerchantBalance } from './store/upsert-merchant-balances.ts';

export interface SettledRows {
  outcomes: Outcome[];
  balances: CustomerBalance[];
  transactions: WalletTransaction[];
  merchantBalances: MerchantBalance[];
  merchantTransactions: MerchantTransaction[];
  /** Uuids of refunds that failed: what they were called is free again. */
  failedRefunds: string[];
}

/** Facts from outside: nobody asked for them here, so nobody is answered. */
const FACTS: ReadonlySet<string> = new Set(['dispute', 'return']);
const PAY_OUT_STATUSES: ReadonlySet<string> = new Set(['in_transit', 'paid', 'returned']);
/** Their answers show all three. */
const MONEY: ReadonlySet<string> = new Set(['pay', 'authorize', 'top_up']);
/** Their answers follow from the event alone. */
const PLAIN: ReadonlySet<string> = new Set(['pay', 'top_up']);

/** Why a record that can be read cannot be right; undefined when it can. */
export function faultOf(settled: PaymentSettled): string | undefined {
  const { operation, operationId, status, paymentStatus, balances } = settled;
  if (!isOperation(operation)) return 'its operation is not known';
  if (uuidOf(operationPrefixes[operation], operationId) === undefined) return 'operationId is not an id';
  if (!isStatus(status) || !isStatus(paymentStatus)) return 'a status is not known';
  if (balances.some(isOrphan)) return 'an account has no owner';
  if (MONEY.has(operation) && isLacking(settled)) return 'it has no customer, amount or currency';
  return undefined;
}

function isLacking({ customerId, amountMinor, currency }: PaymentSettled): boolean {
  return customerId === null || amountMinor === null || currency === null;
}

/** Uuids of the operations of a batch whose terms have to be read before `toRows`. */
export function withTerms(batch: readonly PaymentSettled[]): string[] {
  return batch
    .filter(({ operation }) => !PLAIN.has(operation) && !FACTS.has(operation))
    .map(({ operationId }) => toUuid(operationId));
}

/** The rows of a batch. */
export function toRows(batch: readonly PaymentSettled[], terms: ReadonlyMap<string, Partial<Terms>>): SettledRows {
  return {
    outcomes: batch.flatMap((settled) => toOutcome(settled, terms) ?? []),
    balances: toWalletBalances(batch),
    transactions: batch.flatMap(toWalletTransactions),
    merchantBalances: toMerchantBalances(batch),
    merchantTransactions: batch.flatMap(toMerchantTransactions),
    failedRefunds: batch
      .filter(({ operation, status }) => operation === 'refund' && status === 'failed')
      .map(({ operationId }) => toUuid(operationId)),
  };
}

function isStatus(status: string): boolean {
  return isPaymentStatus(status) || PAY_OUT_STATUSES.has(status);
}

function isOrphan(state: AccountState): boolean {
  if (isWallet(state)) return uuidOf('cus', state.ownerId) === undefined;
  return isMerchantAccount(state) && uuidOf('mer', state.ownerId) === undefined;
}

function toOutcome(settled: PaymentSettled, terms: ReadonlyMap<string, Partial<Terms>>): Outcome | undefined {
  const { operation, operationId, settledAt } = settled;
  if (!isOperation(operation) || FACTS.has(operation)) return undefined;
  const uuid = toUuid(operationId);
  const facts = settledFacts(settled, operation, terms.get(uuid) ?? {});
  const failureCode = settled.failure?.code ?? null;
  return { uuid, status: facts.status, failureCode, settledAtMicros: settledAt, answer: renderOperation(facts) };
}
