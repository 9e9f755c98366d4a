// Checks the accounts that commands and corrections name.
import { isCurrency } from '@paystream/money';
import type { AccountName } from '@paystream/payments';
import { isAmount, isAnyId, isId, parseAccountId } from '@paystream/payments';
import type { AccountTerms, CorrectionLine, CorrectionTerms, PaymentRequested } from '@paystream/topics';
import type { Problem } from './illegal-reason.ts';

/** Lines of one correction: as many as the gateway takes. */
const LINES_MAX = 100;

/** A command is upon a wallet of the record's customer, or without one upon a payable of its merchant. */
export function problemWithAccount(requested: PaymentRequested, terms: AccountTerms): Problem {
  const { environment, merchantId, customerId } = requested;
  const name = parseAccountId(terms.accountId);
  if (name === undefined || name.environment !== environment || !isCurrency(name.currency)) return 'invalid_account';
  const isOwn =
    customerId === null
      ? name.kind === 'payable' && name.ownerId === merchantId
      : name.kind === 'wallet' && name.ownerId === customerId;
  if (!isOwn) return 'invalid_account';
  const limits = [terms.overdraftMinor, terms.dailyAmountMinor, terms.dailyCount].filter((limit) => limit !== null);
  if (requested.operation === 'limit') return limits.every(isLimit) ? null : 'invalid_limits';
  return limits.length === 0 ? null : 'invalid_limits';
}

/** Nothing, or as much as a request can ask for: more would not add up with what an account holds. */
function isLimit(limit: bigint): boolean {
  return limit === 0n || isAmount(limit);
}

/** Between one and a hundred lines, each between two accounts of one environment and currency. */
export function problemWithCorrection(
  { environment }: PaymentRequested,
  { ofOperationId, lines }: CorrectionTerms,
): Problem {
  const isOfOperation = isAnyId(ofOperationId);
  const isSized = lines.length > 0 && lines.length <= LINES_MAX;
  if (!isOfOperation || !isSized) return 'invalid_correction';
  return lines.every((line) => isLine(line, environment)) ? null : 'invalid_correction';
}

function isLine(
  { debitAccountId, creditAccountId, currency, amountMinor }: CorrectionLine,
  environment: string,
): boolean {
  const isBetweenAccounts = [debitAccountId, creditAccountId].every((accountId) => {
    const name = parseLineAccount(accountId);
    return name?.environment === environment && name.currency === currency && hasOwnerWithId(name);
  });
  return isBetweenAccounts && debitAccountId !== creditAccountId && isCurrency(currency) && isAmount(amountMinor);
}

/** House accounts stand in a line without a partition: the ledger takes the row of the record's own. */
function parseLineAccount(accountId: string): AccountName | undefined {
  const name = parseAccountId(accountId);
  if (name === undefined) return parseAccountId(`${accountId}:p0`);
  return name.partition === null ? name : undefined;
}

function hasOwnerWithId({ kind, ownerId }: AccountName): boolean {
  if (ownerId === null) return true;
  const isOfCustomer = isId('cus', ownerId) && kind !== 'payable';
  return isOfCustomer || (isId('mer', ownerId) && kind !== 'wallet');
}
