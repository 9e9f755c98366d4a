// Decides a correction: a new transaction that refers to an old one, once for each.
import { isCurrency } from '@paystream/money';
import { isId, parseAccountId, prefixes } from '@paystream/payments';
import type { Reading } from '../instruction.ts';
import { illegal, legal, needsPaymentOf } from '../instruction.ts';
import type { Posting } from '../posting.ts';
import type { ProcessedOperation } from '../processed-operation.ts';
import { declined, succeeded } from '../verdict.ts';

/** Lines of one correction; each may lock two accounts. */
const LINES_MAX = 100;

/** A priced `correct`: its lines as they are; a house account among them is this partition's row. */
export function readCorrection(asked: ProcessedOperation, partition: number): Reading {
  const { correction } = asked;
  if (correction === null) return illegal('it does not say what it corrects');
  if (correction.lines.length === 0 || correction.lines.length > LINES_MAX)
    return illegal('it has no lines, or too many');
  const postings: Posting[] = [];
  for (const line of correction.lines) {
    const posting = readLine(line, asked.environment, partition);
    if (posting === null) return illegal('a line is not between two accounts of one currency');
    postings.push(posting);
  }
  const { ofOperationId } = correction;
  return legal({
    asked,
    needs: { ...needsPaymentOf(asked), operationId: ofOperationId },
    opens: null,
    accountsOf: () => postings.flatMap(({ debitAccount, creditAccount }) => [debitAccount, creditAccount]),
    decide: (books) => {
      const outcome = books.outcomeOf(ofOperationId);
      if (outcome !== 'succeeded' && outcome !== 'manual_review') return declined('ledger_rejected');
      return books.isCorrected(ofOperationId)
        ? declined('duplicate')
        : succeeded({ postings, correctionOf: ofOperationId });
    },
  });
}

type Line = NonNullable<ProcessedOperation['correction']>['lines'][number];

function readLine(
  { debitAccountId, creditAccountId, currency, amountMinor }: Line,
  environment: string,
  partition: number,
): Posting | null {
  const debitAccount = accountNamed(debitAccountId, { environment, currency, partition });
  const creditAccount = accountNamed(creditAccountId, { environment, currency, partition });
  if (debitAccount === null || creditAccount === null || debitAccount === creditAccount || amountMinor <= 0n)
    return null;
  return { debitAccount, creditAccount, currency, amountMinor };
}

interface Where {
  environment: string;
  currency: string;
  partition: number;
}

/** The account that a line means; null when it means none of this environment and currency. */
function accountNamed(text: string, { environment, currency, partition }: Where): string | null {
  const owned = parseAccountId(text);
  const accountId = owned === undefined ? `${text}:p${partition}` : text;
  const name = owned ?? parseAccountId(accountId);
  if (name === undefined || name.environment !== environment || name.currency !== currency || !isCurrency(currency))
    return null;
  if (name.ownerId === null) return owned === undefined ? accountId : null;
  return isId(prefixes.customer, name.ownerId) || isId(prefixes.merchant, name.ownerId) ? accountId : null;
}
