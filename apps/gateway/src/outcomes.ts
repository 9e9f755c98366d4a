// Decides which settled records are right, and freezes the answers of the operations that were asked for here.
import { isOperation, isPaymentStatus, operationPrefixes, toUuid } from '@paystream/payments';
import type { AccountState, PaymentSettled } from '@paystream/topics';
import { uuidOf } from './operation-id.ts';
import { settledFacts } from './payments/facts.ts';
import { renderOperation } from './payments/render.ts';
import { IN_TRANSIT } from './status/account-changes.ts';
import { isMerchantAccount } from './status/merchant-rows.ts';
import { isWallet } from './status/wallet-rows.ts';
import type { Outcome } from './store/insert-outcomes.ts';
import type { AskedTerms } from './store/read-terms.ts';

/** Facts from outside: nobody asked for them here, so nobody is answered. */
const FACTS: ReadonlySet<string> = new Set(['dispute', 'return', 'report']);
const PAY_OUT_STATUSES: ReadonlySet<string> = new Set([IN_TRANSIT, 'paid', 'returned']);
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

/** Uuids of the operations of a batch whose terms have to be read before `toOutcomes`. */
export function withTerms(batch: readonly PaymentSettled[]): string[] {
  return batch
    .filter(({ operation }) => !PLAIN.has(operation) && !FACTS.has(operation))
    .map(({ operationId }) => toUuid(operationId));
}

/** The final outcomes of a batch, with the answers that stay: of two of one operation the first. */
export function toOutcomes(batch: readonly PaymentSettled[], terms: ReadonlyMap<string, AskedTerms>): Outcome[] {
  const outcomes = new Map<string, Outcome>();
  for (const settled of batch) {
    const outcome = toOutcome(settled, terms);
    if (outcome !== undefined && !outcomes.has(outcome.uuid)) outcomes.set(outcome.uuid, outcome);
  }
  return [...outcomes.values()];
}

/** Uuids of the refunds of a batch that failed: what the merchant called them is free again. */
export function failedRefunds(batch: readonly PaymentSettled[]): string[] {
  return batch
    .filter(({ operation, status }) => operation === 'refund' && status === 'failed')
    .map(({ operationId }) => toUuid(operationId));
}

function isStatus(status: string): boolean {
  return isPaymentStatus(status) || PAY_OUT_STATUSES.has(status);
}

/** Whether it is an account of a customer or merchant that names none. */
export function isOrphan(state: AccountState): boolean {
  if (isWallet(state)) return uuidOf('cus', state.ownerId) === undefined;
  return isMerchantAccount(state) && uuidOf('mer', state.ownerId) === undefined;
}

function toOutcome(settled: PaymentSettled, terms: ReadonlyMap<string, AskedTerms>): Outcome | undefined {
  const { operation, operationId, settledAt } = settled;
  if (!isOperation(operation) || FACTS.has(operation)) return undefined;
  const uuid = toUuid(operationId);
  const facts = settledFacts(settled, operation, terms.get(uuid) ?? {});
  const failureCode = settled.failure?.code ?? null;
  return { uuid, status: facts.status, failureCode, settledAtMicros: settledAt, answer: renderOperation(facts) };
}
