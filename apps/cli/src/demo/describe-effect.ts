// Says in words what a step of a story did to the ledger: its postings, and the balances that are different now.

import { formatMoney } from '@paystream/money';
import type { AccountSeen, PostingSeen } from './ledger-view.ts';

/** Names of the people in a story, by id. */
export type Names = ReadonlyMap<string, string>;

const HOUSE_NAMES: Readonly<Record<string, string>> = {
  fee_income: 'fee income',
  fx_position: 'currency position',
  fx_rounding: 'rounding',
  payout_in_transit: 'pay-outs in transit',
  world: 'the world',
  disputed: 'disputed',
  suspense: 'suspense',
};

export function describePosting(
  { debitAccount, creditAccount, currency, amountMinor }: PostingSeen,
  names: Names,
): string {
  const amount = formatMoney({ minor: amountMinor, currency });
  return `${amount.padStart(16)}  ${nameOf(debitAccount, names)} → ${nameOf(creditAccount, names)}`;
}

/** One line for each account that is not as it was. */
export function describeBalances(
  before: ReadonlyMap<string, AccountSeen>,
  after: ReadonlyMap<string, AccountSeen>,
  names: Names,
): string[] {
  return [...after.values()].flatMap((account) => {
    const { accountId, currency, postedMinor, heldMinor } = account;
    const was = before.get(accountId) ?? { postedMinor: 0n, heldMinor: 0n };
    if (was.postedMinor === postedMinor && was.heldMinor === heldMinor) return [];
    const held =
      heldMinor === 0n && was.heldMinor === 0n ? '' : `, held ${formatMoney({ minor: heldMinor, currency })}`;
    return [`${nameOf(accountId, names)}: ${formatMoney({ minor: postedMinor, currency })}${held}`];
  });
}

function nameOf(accountId: string, names: Names): string {
  const [, kind = '', owner = ''] = accountId.split(':');
  const name = names.get(owner);
  if (name === undefined) return HOUSE_NAMES[kind] ?? kind;
  return kind === 'receivable' ? `${name}’s debt` : name;
}
