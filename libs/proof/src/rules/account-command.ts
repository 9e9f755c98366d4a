// Freezes, unfreezes and closes accounts, and limits them.

import { isCurrency } from '@paystream/money';
import type { Account } from '../balances.ts';
import type { AskedOperation } from '../inputs.ts';
import type { Proposal, Scene } from './proposal.ts';
import { decline, succeed, unlawful } from './proposal.ts';

export type Command = 'freeze' | 'unfreeze' | 'close' | 'limit';

export function commandAccount(command: Command, asked: AskedOperation, { state, names }: Scene): Proposal {
  const { account: terms, customerId, merchantId } = asked;
  if (terms === null) return unlawful('it names no account');
  const { accountId } = terms;
  const currency = accountId.split(':').at(-1) ?? '';
  const owned = [names.payable(merchantId, currency), customerId === null ? null : names.wallet(customerId, currency)];
  if (!isCurrency(currency) || !owned.includes(accountId)) return unlawful(`"${accountId}" is not its owner's account`);

  const account = state.balances.of(accountId);
  if (account.status === 'closed') return decline('account_closed_or_invalid', accountId);
  const set = settingsOf(command, terms);
  const code = whyDeclined(command, { ...account, ...set });
  return code === null ? succeed({ command: { accountId, set } }) : decline(code, accountId);
}

type Terms = NonNullable<AskedOperation['account']>;
type Settings = Partial<Pick<Account, 'status' | 'overdraftMinor' | 'dailyAmountMinor' | 'dailyCount'>>;

function settingsOf(command: Command, { overdraftMinor, dailyAmountMinor, dailyCount }: Terms): Settings {
  switch (command) {
    case 'freeze':
      return { status: 'frozen' };
    case 'unfreeze':
      return { status: 'open' };
    case 'close':
      return { status: 'closed' };
    case 'limit':
      return { overdraftMinor: overdraftMinor ?? 0n, dailyAmountMinor, dailyCount };
    default:
      return command satisfies never;
  }
}

/** Judged by the account as the command would leave it. */
function whyDeclined(command: Command, { postedMinor, heldMinor, overdraftMinor }: Account): string | null {
  if (command === 'close' && (postedMinor !== 0n || heldMinor !== 0n)) return 'ledger_rejected';
  return command === 'limit' && postedMinor - heldMinor + overdraftMinor < 0n ? 'insufficient_funds' : null;
}
