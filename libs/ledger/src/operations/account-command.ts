// Decides a command upon an account: freeze, unfreeze, close, or its limits. No money moves.
import { isCurrency, isWithinBounds } from '@paystream/money';
import { parseAccountId } from '@paystream/payments';
import type { Account } from '../account.ts';
import { spendableOf } from '../account.ts';
import type { Reading } from '../instruction.ts';
import { illegal, legal, NO_NEEDS } from '../instruction.ts';
import type { ProcessedOperation } from '../processed-operation.ts';
import type { SettingsChange, Verdict } from '../verdict.ts';
import { declined, succeeded } from '../verdict.ts';

type Command = 'freeze' | 'unfreeze' | 'close' | 'limit';

/** A priced `freeze`, `unfreeze`, `close` or `limit` of a wallet or payable. */
export function readAccountCommand(command: Command) {
  return (asked: ProcessedOperation): Reading => {
    const { account } = asked;
    if (account === null) return illegal('it names no account');
    const fault = faultInAccount(asked, account.accountId) ?? faultInLimits(account);
    if (fault !== null) return illegal(fault);
    const { accountId } = account;
    return legal({
      asked,
      needs: NO_NEEDS,
      opens: null,
      accountsOf: () => [accountId],
      decide: (books) => decide(command, account, books.account(accountId)),
    });
  };
}

type Terms = NonNullable<ProcessedOperation['account']>;

function decide(command: Command, terms: Terms, account: Account): Verdict {
  if (account.status === 'closed') return declined('account_closed_or_invalid', 'ledger');
  const change = (changes: Omit<SettingsChange, 'accountId'>): Verdict =>
    succeeded({ settings: [{ accountId: account.id, ...changes }] });
  switch (command) {
    case 'freeze':
      return change({ status: 'frozen' });
    case 'unfreeze':
      return change({ status: 'open' });
    case 'close':
      return account.postedMinor === 0n && account.heldMinor === 0n
        ? change({ status: 'closed' })
        : declined('ledger_rejected');
    case 'limit': {
      const overdraftMinor = terms.overdraftMinor ?? 0n;
      if (spendableOf(account) + overdraftMinor < 0n) return declined('insufficient_funds', 'ledger');
      return change({ overdraftMinor, dailyAmountMinor: terms.dailyAmountMinor, dailyCount: terms.dailyCount });
    }
    default:
      return command satisfies never;
  }
}

function faultInAccount({ environment, merchantId, customerId }: ProcessedOperation, accountId: string): string | null {
  const name = parseAccountId(accountId);
  if (name === undefined || name.environment !== environment || !isCurrency(name.currency))
    return 'its account is none';
  if (name.kind === 'wallet') return name.ownerId === customerId ? null : 'its account is not its customer’s';
  if (name.kind !== 'payable') return 'only wallets and payables take commands';
  return customerId === null && name.ownerId === merchantId ? null : 'its account is not its merchant’s';
}

function faultInLimits({ overdraftMinor, dailyAmountMinor, dailyCount }: Terms): string | null {
  const isSound = (limit: bigint | null) => limit === null || (limit >= 0n && isWithinBounds(limit));
  return [overdraftMinor, dailyAmountMinor, dailyCount].every(isSound)
    ? null
    : 'a limit is below zero, or more than an account can hold';
}
