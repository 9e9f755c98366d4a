// Says by itself what a merchant must be shown of each outcome: the frozen answer, balances, transactions and states.

import type { Outcome, ReportedBalance, SettledRecord } from '../inputs.ts';
import type { KeyedText } from './view.ts';

/** An account as an outcome reports it, with what lists of transactions show of it. */
export interface ShownBalance extends ReportedBalance {
  readonly kind: string;
  readonly ownerId: string;
  readonly currency: string;
  readonly counterpartyId: string | null;
}

/** What is shown of an admission. */
export interface ShownAdmission extends Omit<Outcome, 'balances'> {
  readonly balances: readonly ShownBalance[] | null;
  /** Microseconds since the epoch. */
  readonly occurredAt: bigint;
}

/** What is shown of a final outcome. */
export interface ShownOutcome extends Omit<SettledRecord, 'balances' | 'fees'> {
  readonly balances: readonly ShownBalance[];
  readonly fees: readonly { readonly amountMinor: bigint; readonly currency: string; readonly bearer: string }[];
  readonly method: { readonly type: string } | null;
  /** Microseconds since the epoch. */
  readonly settledAt: bigint;
}

/** One of both, as far as accounts go. */
export interface Shown extends Omit<Outcome, 'balances'> {
  readonly balances: readonly ShownBalance[];
  readonly fees: ShownOutcome['fees'];
  readonly fx: SettledRecord['fx'];
  readonly methodType: string | null;
  readonly atMicros: bigint;
}

export function shownOutcome(outcome: ShownOutcome): Shown {
  return { ...outcome, methodType: outcome.method?.type ?? null, atMicros: outcome.settledAt };
}

export function shownAdmission(admission: ShownAdmission): Shown {
  const { balances, occurredAt } = admission;
  return { ...admission, balances: balances ?? [], fees: [], fx: null, methodType: null, atMicros: occurredAt };
}

/** The 32 digits that an id and its uuid share. */
export function digitsOf(id: string): string {
  return id.slice(id.indexOf('_') + 1).replaceAll('-', '');
}

/** What the answer says in the operation's own words; of follow-ups the amount that was asked may be another one. */
const WITH_AMOUNT = new Set(['pay', 'authorize', 'top_up']);
const WITH_PAYMENT_STATUS = new Set(['pay', 'authorize', 'pay_out']);
/** Nobody asked for them here, so nobody is answered. */
const UNASKED = new Set(['dispute', 'return', 'report']);

/** The row of the outcome and what its answer has to say; null when there is no answer. */
export function outcomeRow(outcome: ShownOutcome): KeyedText | null {
  const { operation, operationId, status, paymentStatus, failure, settledAt, amountMinor, currency, fees } = outcome;
  if (UNASKED.has(operation)) return null;
  const shown = WITH_PAYMENT_STATUS.has(operation) ? paymentStatus : status;
  const code = failure?.code ?? null;
  const feesMinor = fees.reduce((sum, fee) => sum + fee.amountMinor, 0n);
  const money = WITH_AMOUNT.has(operation) ? { amount: amountMinor, currency, fees: feesMinor } : {};
  return {
    key: digitsOf(operationId),
    text: sayOutcome({ status: shown, failureCode: code, settledAt }, { id: operationId, status: shown, ...money }),
  };
}

/** A stored outcome with the parts of its answer that have to be right. */
export function storedOutcomeRow(row: {
  readonly uuid: string;
  readonly status: string;
  readonly failureCode: string | null;
  readonly settledAt: bigint;
  readonly answer: string;
}): KeyedText {
  return { key: digitsOf(row.uuid), text: sayOutcome(row, readAnswer(row.answer)) };
}

function sayOutcome(
  { status, failureCode, settledAt }: { status: string; failureCode: string | null; settledAt: bigint },
  answer: object,
): string {
  return `${status} ${failureCode ?? '-'} at ${settledAt}, answered ${say(answer)}`;
}

function readAnswer(answer: string): object {
  try {
    const value: unknown = JSON.parse(answer);
    if (typeof value !== 'object' || value === null) return { unreadable: answer };
    const of = (name: string): unknown => Reflect.get(value, name);
    const { id, object, status, amount, currency, fees } = {
      ...{ id: of('id'), object: of('object'), status: of('status'), amount: of('amount'), currency: of('currency') },
      fees: of('fees'),
    };
    if (object !== 'payment' && object !== 'top_up') return { id, status };
    return { id, status, amount, currency, fees: Array.isArray(fees) ? sumOf(fees) : fees };
  } catch {
    return { unreadable: answer };
  }
}

function sumOf(fees: readonly unknown[]): number {
  return fees.reduce<number>((sum, fee) => sum + Number(Reflect.get(Object(fee) as object, 'amount')), 0);
}

/** Numbers and bigints alike. */
function say(value: object): string {
  return Object.entries(value)
    .map(([name, each]) => `${name} ${String(each)}`)
    .join(', ');
}

/** The rows that a customer's list of transactions must have of it. */
export function walletTransactions(shown: Shown): KeyedText[] {
  const { ledgerNumber, ledgerIndex, operationId, paymentId, operation, status, methodType, atMicros } = shown;
  return shown.balances.flatMap((balance) => {
    const { kind, ownerId, currency, counterpartyId, postedMinor, changed, heldChangeMinor } = balance;
    const amountMinor = kind === 'wallet' ? walletAmount(shown, balance) : null;
    if (amountMinor === null) return [];
    return {
      key: [digitsOf(ownerId), ledgerNumber, ledgerIndex, currency].join('/'),
      text: [
        ...[operationId, paymentId, operation, status, amountMinor, changed ? heldChangeMinor : 0n],
        ...[methodType ?? '-', counterpartyId ?? '-', postedMinor, atMicros],
      ].join(' '),
    };
  });
}

const LEAVING = new Set(['pay', 'authorize', 'capture', 'transfer', 'pay_out']);
const COMING = new Set(['top_up', 'refund']);

/** What came or went; of a failure of the owner's what would have. */
function walletAmount(shown: Shown, balance: ShownBalance): bigint | null {
  const { postedChangeMinor, heldChangeMinor, changed, ownerId, currency } = balance;
  if (changed) return postedChangeMinor === 0n && heldChangeMinor === 0n ? null : postedChangeMinor;
  if (shown.status !== 'failed' || ownerId !== shown.customerId) return null;
  const amount = shown.fx?.fromCurrency === currency ? shown.fx.fromAmountMinor : (shown.amountMinor ?? 0n);
  if (LEAVING.has(shown.operation)) return -amount;
  return COMING.has(shown.operation) ? amount : null;
}

/** The rows that a merchant's list of transactions must have of it. */
export function merchantTransactions(shown: Shown): KeyedText[] {
  const { environment, ledgerNumber, ledgerIndex, operationId, paymentId, operation, atMicros } = shown;
  return shown.balances.flatMap((balance) => {
    const { kind, ownerId, currency, postedChangeMinor, postedMinor, changed } = balance;
    if (!isMerchants(balance) || !changed || postedChangeMinor === 0n) return [];
    const feeMinor = kind === 'payable' ? payableFees(shown, balance) : 0n;
    return {
      key: [digitsOf(ownerId), environment, ledgerNumber, ledgerIndex, kind, currency].join('/'),
      text: [
        ...[operationId, paymentId, operation, postedChangeMinor + feeMinor, feeMinor, postedChangeMinor],
        ...[postedMinor, atMicros],
      ].join(' '),
    };
  });
}

/** Fees that the payable bore; of a pay-out on its way what left beside amount and repaid debt. */
function payableFees(shown: Shown, { ownerId, currency, postedChangeMinor }: ShownBalance): bigint {
  const { status, operation, amountMinor, balances, fees } = shown;
  if (status === 'in_transit') {
    const isDebt = (each: ShownBalance): boolean =>
      each.kind === 'receivable' && each.ownerId === ownerId && each.currency === currency;
    return -postedChangeMinor - (amountMinor ?? 0n) - (balances.find(isDebt)?.postedChangeMinor ?? 0n);
  }
  return fees
    .filter((fee) => fee.currency === currency && (fee.bearer === 'merchant' || operation === 'pay_out'))
    .reduce((sum, fee) => sum + fee.amountMinor, 0n);
}

/** A merchant's own account: the receivable of a customer is none. */
export function isMerchants({ kind, ownerId }: ShownBalance): boolean {
  return (kind === 'payable' || kind === 'receivable') && ownerId.startsWith('mer_');
}
