// Decides by itself what each operation had to do: the rules of the books written a second time, from the design, not from the accounts app.

import { isCurrency, isWithinBounds } from '@paystream/money';
import type { Balances, Movement } from './balances.ts';
import { changesOf } from './balances.ts';
import type { AskedOperation } from './inputs.ts';

/** Rules this proof knows; an operation says by which it is to be judged. */
const RULES_VERSION = 1;

export type Ruling =
  | { readonly kind: 'approve'; readonly movements: readonly Movement[] }
  | { readonly kind: 'decline'; readonly code: string; readonly movements: readonly Movement[] }
  | { readonly kind: 'unlawful'; readonly why: string };

/** What had to become of the operation, given the balances before it; house accounts are those of `partition`. */
export function ruleOn(asked: AskedOperation, partition: number, balances: Balances): Ruling {
  if (asked.rulesVersion !== RULES_VERSION) return unlawful(`it asks for rules version ${asked.rulesVersion}`);
  if (asked.pass !== 1) return unlawful(`pass ${asked.pass} is not expected of a ${asked.operation}`);
  if (asked.kind === 'refused') return ruleOnRefusal(asked);
  if (asked.kind !== 'priced') return unlawful(`its kind "${asked.kind}" is not known`);

  const movements = movementsOf(asked, partition);
  if (typeof movements === 'string') return unlawful(movements);
  const code = findObstacle(asked, movements, balances);
  return code === null ? { kind: 'approve', movements } : { kind: 'decline', code, movements };
}

/** Funds-checked accounts, of which `payment.settled` must report each that changed; the house's are split per partition and unchecked. */
export function isFundsChecked(accountId: string): boolean {
  const kind = accountId.split(':')[1];
  return kind === 'wallet' || kind === 'payable' || kind === 'receivable';
}

export function walletOf(asked: Pick<AskedOperation, 'environment' | 'customerId' | 'currency'>): string {
  return `${asked.environment}:wallet:${asked.customerId}:${asked.currency}`;
}

function ruleOnRefusal(asked: AskedOperation): Ruling {
  if (asked.failure === null) return unlawful('it was refused without a reason');
  return { kind: 'decline', code: asked.failure.code, movements: [] };
}

function movementsOf(asked: AskedOperation, partition: number): Movement[] | string {
  const { amountMinor, currency } = asked;
  if (amountMinor === null || currency === null) return 'it has no amount';
  if (amountMinor <= 0n) return `its amount is ${amountMinor}`;
  if (!isCurrency(currency)) return `its currency "${currency}" is not known`;
  if (asked.customerId === null) return 'it names no customer';
  if (asked.paymentId !== asked.operationId) return 'it is not the first operation of its payment';
  if (asked.sourceCurrency !== null && asked.sourceCurrency !== currency)
    return `it is paid in ${asked.sourceCurrency}`;
  if (asked.fx !== null) return 'it carries a conversion';
  if (asked.route !== null) return 'it is routed to a provider';
  if (asked.operation === 'top_up') return topUp(asked, amountMinor, currency, partition);
  if (asked.operation === 'pay') return pay(asked, amountMinor, currency, partition);
  return `operation "${asked.operation}" is not known`;
}

function topUp(asked: AskedOperation, amountMinor: bigint, currency: string, partition: number): Movement[] | string {
  if (asked.method?.type !== 'sandbox') return `its method is "${asked.method?.type}"`;
  if (asked.fees.length > 0) return 'a top-up carries no fee';
  const debitAccount = houseAccount(asked, 'world', currency, partition);
  return [{ debitAccount, creditAccount: walletOf(asked), currency, amountMinor }];
}

function pay(asked: AskedOperation, amountMinor: bigint, currency: string, partition: number): Movement[] | string {
  if (asked.method?.type !== 'wallet') return `its method is "${asked.method?.type}"`;
  let netMinor = amountMinor;
  const feeMovements: Movement[] = [];
  const debitAccount = walletOf(asked);
  for (const fee of asked.fees) {
    if (fee.currency !== currency) return `a fee is in ${fee.currency}, the payment in ${currency}`;
    if (fee.amountMinor < 0n) return `a fee is ${fee.amountMinor}`;
    if (fee.bearer !== 'merchant') return `a fee is borne by "${fee.bearer}"`;
    netMinor -= fee.amountMinor;
    const creditAccount = houseAccount(asked, 'fee_income', currency, partition);
    feeMovements.push({ debitAccount, creditAccount, currency, amountMinor: fee.amountMinor });
  }
  if (netMinor < 0n) return 'its fees exceed its amount';
  const creditAccount = `${asked.environment}:payable:${asked.merchantId}:${currency}`;
  const movements = [{ debitAccount, creditAccount, currency, amountMinor: netMinor }, ...feeMovements];
  return movements.filter((movement) => movement.amountMinor > 0n);
}

function findObstacle(asked: AskedOperation, movements: readonly Movement[], balances: Balances): string | null {
  for (const [accountId, changeMinor] of changesOf(movements)) {
    const { postedMinor, heldMinor } = balances.of(accountId);
    const afterMinor = postedMinor + changeMinor;
    if (changeMinor < 0n && isFundsChecked(accountId) && afterMinor - heldMinor < 0n) return 'insufficient_funds';
    if (!isWithinBounds(afterMinor)) return 'ledger_rejected';
  }
  return null;
}

function houseAccount(asked: AskedOperation, kind: string, currency: string, partition: number): string {
  return `${asked.environment}:${kind}:${currency}:p${partition}`;
}

function unlawful(why: string): Ruling {
  return { kind: 'unlawful', why };
}
