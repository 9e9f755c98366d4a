// Decides one instruction on the books as they are: what it wants, what stands in its way, what it leaves.
import type { RuleDecision } from '@paystream/risk';
import type { Account } from './account.ts';
import { accountsAfter } from './apply-verdict.ts';
import type { Decided } from './decision.ts';
import { effectsOf } from './effects.ts';
import type { Instruction } from './instruction.ts';
import { countSpending, findDailyLimit, findVelocityRule } from './limits.ts';
import { findObstacle, isOutOfBounds } from './obstacles.ts';
import type { OpenBooks } from './open-books.ts';
import { ownTerms } from './own-payment.ts';
import type { ProcessedOperation } from './processed-operation.ts';
import type { Verdict } from './verdict.ts';
import { declined, forReview } from './verdict.ts';

/** Decides, and writes into the books what was decided; `index` is its place among the batch's decisions. */
export function decideInstruction(instruction: Instruction, books: OpenBooks, index: number): Decided {
  const { asked, needs } = instruction;
  const payment = needs.paymentId === null ? undefined : ownTerms(asked, books.payment(needs.paymentId));
  // A correction, or a transfer with two legs to one payee, names an account more than once.
  const accountIds = new Set(instruction.accountsOf(payment));
  const named = Array.from(accountIds, (accountId) => books.account(accountId));
  const { verdict, changed, refusal } = judge(instruction, books);
  write(instruction, { verdict, changed }, { books, index });
  return {
    kind: 'decided',
    index,
    asked,
    outcome: verdict.outcome,
    failure: verdict.failure,
    postings: verdict.postings,
    effects: effectsOf(named, changed, verdict.postings),
    payment: verdict.payment ?? payment ?? null,
    fees: verdict.fees,
    fx: verdict.fx,
    ends: verdict.ends,
    decisions: refusal === null ? [] : [refusal],
  };
}

interface Judged {
  verdict: Verdict;
  /** Accounts it changes, as they are after it. */
  changed: ReadonlyMap<string, Account>;
  /** The limit or rule that refused it. */
  refusal: RuleDecision | null;
}

const NONE: ReadonlyMap<string, Account> = new Map();

function judge(instruction: Instruction, books: OpenBooks): Judged {
  const { asked } = instruction;
  const wanted = instruction.decide(books);
  const changed = accountsAfter(wanted, books.account);
  if (wanted.cannotBeDeclined) {
    const fits = ![...changed.values()].some(isOutOfBounds);
    return { verdict: fits ? wanted : forReview(), changed: fits ? changed : NONE, refusal: null };
  }
  for (const [accountId, after] of changed) {
    const obstacle = findObstacle(books.account(accountId), after);
    if (obstacle !== null) return { verdict: declined(obstacle), changed: NONE, refusal: null };
  }
  const spent = spentFrom(wanted, changed);
  if (spent === undefined) return { verdict: wanted, changed, refusal: null };
  const counted = countSpending(books.account(spent.id), spent, asked.requestedAt);
  const refusal = findDailyLimit(counted) ?? findVelocityRule(asked, earlierSpends(instruction, books));
  if (refusal !== null) return { verdict: refusedBy(refusal), changed: NONE, refusal };
  return { verdict: wanted, changed: changed.set(counted.id, counted), refusal: null };
}

function spentFrom({ spentFrom: accountId }: Verdict, changed: ReadonlyMap<string, Account>): Account | undefined {
  return accountId === null ? undefined : changed.get(accountId);
}

function earlierSpends({ needs }: Instruction, books: OpenBooks) {
  return needs.spendsOf === null ? [] : books.spendsOf(needs.spendsOf);
}

function refusedBy({ ruleId, ruleVersion }: RuleDecision): Verdict {
  const verdict = declined('velocity_limit_exceeded', 'ledger');
  return { ...verdict, failure: verdict.failure && { ...verdict.failure, ruleId, ruleVersion } };
}

function write(
  { asked, needs }: Instruction,
  { verdict, changed }: Pick<Judged, 'verdict' | 'changed'>,
  { books, index }: { books: OpenBooks; index: number },
): void {
  books.writeAccounts(changed.values());
  books.writeOutcome(asked.operationId, verdict.outcome);
  if (verdict.payment !== null) books.writePayment(verdict.payment);
  if (verdict.dispute !== null) books.writeDispute(verdict.dispute);
  if (verdict.correctionOf !== null) books.writeCorrection(verdict.correctionOf, asked.operationId);
  if (needs.spendsOf !== null && verdict.outcome === 'succeeded')
    books.writeSpend(needs.spendsOf, spendOf(asked), index);
}

function spendOf({ requestedAt, currency, amountMinor }: ProcessedOperation) {
  return { requestedAt, currency: currency ?? '', amountMinor: amountMinor ?? 0n };
}
