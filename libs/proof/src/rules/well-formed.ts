// Decides whether a dead letter was no lawful writer's: ids, terms and bounds that the rules of the operations take for granted.

import { parseRate } from '@paystream/money';
import type { AskedOperation } from '../inputs.ts';
import { findWrongPrices } from './priced.ts';

/** Bound of every balance and limit: ±2^62. */
const MINOR_MAX = 2n ** 62n;
const CORRECTION_LINES_MAX = 100;
const ID = /^[a-z]{2,3}_[0-9a-f]{32}$/;
const PROVIDER = /^[a-z][a-z0-9_-]*$/;

/** How the ids of an operation begin. */
export const OPERATION_PREFIXES: Readonly<Record<string, string>> = {
  ...{ pay: 'pay', authorize: 'pay', capture: 'cap', cancel: 'can', expire: 'exp', refund: 're', transfer: 'tr' },
  ...{ top_up: 'tu', pay_out: 'po', limit: 'lim', freeze: 'frz', unfreeze: 'unf', close: 'clo', correct: 'cor' },
  ...{ resolve: 'res', dispute: 'dis', return: 'dis', report: 'dis' },
};

/** Why the record can be no lawful writer's, though its operation's rule finds nothing against it; null when it can. */
export function whyNotWellFormed(asked: AskedOperation): string | null {
  return whyIdsWrong(asked) ?? whyTermsWrong(asked) ?? whyPriceWrong(asked);
}

function whyIdsWrong({ environment, operation, operationId, paymentId, merchantId, customerId }: AskedOperation) {
  if (environment !== 'test' && environment !== 'live') return 'its environment is not known';
  if (!isId(operationId, OPERATION_PREFIXES[operation] ?? '')) return `its operation id is not one of ${operation}`;
  if (!ID.test(paymentId)) return 'its payment id is not an id';
  if (!isId(merchantId, 'mer')) return 'its merchant id is not an id';
  return customerId === null || isId(customerId, 'cus') ? null : 'its customer id is not an id';
}

function isId(text: string, prefix: string): boolean {
  return ID.test(text) && text.startsWith(`${prefix}_`);
}

function whyTermsWrong(asked: AskedOperation): string | null {
  const { kind, failure, fact } = asked;
  if (failure !== null && failure.code === '') return 'it failed without a code';
  if (kind === 'refused') return null;
  if (kind === 'fact') return fact === null ? 'it says of no fact' : whyFactWrong(asked, fact);
  return whyOrderWrong(asked);
}

function whyFactWrong(asked: AskedOperation, fact: NonNullable<AskedOperation['fact']>): string | null {
  if (asked.operation === 'return' || asked.operation === 'report') {
    if (asked.amountMinor === null || asked.amountMinor <= 0n) return 'it has no amount';
    const isSame = fact.amountMinor === asked.amountMinor && fact.currency === asked.currency;
    return isSame ? null : 'its fact is of another amount than it says';
  }
  if (!isId(fact.disputeId ?? '', 'dp')) return 'it names no dispute';
  if (!PROVIDER.test(fact.provider)) return 'its provider is not known';
  return fact.currency === null || (fact.amountMinor ?? 1n) <= 0n || (fact.feeMinor ?? 0n) < 0n
    ? 'its fact has no amount'
    : null;
}

function whyOrderWrong(asked: AskedOperation): string | null {
  const { operation, authorize, requestedAt, correction, account, customerId, transfer, fx, fees } = asked;
  if (operation === 'authorize' && (authorize?.expiresAt ?? 0n) <= requestedAt) return 'its hold has ended before';
  if ((correction?.lines.length ?? 0) > CORRECTION_LINES_MAX) return 'it has too many lines';
  const limits = [account?.overdraftMinor, account?.dailyAmountMinor, account?.dailyCount];
  if (limits.some((limit) => (limit ?? 0n) < 0n || (limit ?? 0n) > MINOR_MAX)) return 'a limit is out of bounds';
  const isPayable = account?.accountId.split(':')[1] === 'payable';
  if (isPayable && customerId !== null) return 'it is a customer’s command on a merchant’s account';
  if (transfer?.legs.some((leg) => !isId(leg.payeeCustomerId, 'cus')) === true) return 'a payee is no customer';
  if (operation === 'transfer' && (transfer?.legs.length ?? 0) === 0) return 'it has no legs';
  if (fx !== null && (parseRate(fx.baseRate) === undefined || fx.markupBps < 0)) return 'its rate is none';
  return fees.every(({ percentBps, fixedMinor }) => percentBps >= 0 && fixedMinor >= 0n) ? null : 'a fee is below zero';
}

function whyPriceWrong(asked: AskedOperation): string | null {
  const [wrong] = findWrongPrices(asked);
  return wrong === undefined ? null : `${wrong.field} is not what follows from its terms`;
}
