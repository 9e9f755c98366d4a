// Checks one `payment.settled` against what had to be decided, and keeps the proof's balances in step.

import type { Balances, Movement } from './balances.ts';
import type { Difference, Differences } from './differences.ts';
import type { AskedOperation, ReportedBalance, SettledRecord } from './inputs.ts';
import type { Decided } from './partition-cursor.ts';
import type { Ruling } from './rules.ts';
import { isFundsChecked, ruleOn, walletOf } from './rules.ts';

/** What the books must hold for an outcome. */
export interface Expectation {
  readonly status: string;
  readonly failureCode: string | null;
  readonly movements: readonly Movement[];
}

/**
 * Rules on the operation, reports where the outcome differs, and posts. Where the ruling and the outcome part, the books
 * are followed from there as the outcome has it: one wrong approval is then one difference and not all that follow.
 */
export function checkSettled(decided: Decided, balances: Balances, differences: Differences): Expectation {
  const { settled, asked } = decided;
  const failureCode = settled.failure?.code ?? null;
  if (asked === null) return { status: settled.status, failureCode, movements: [] };

  const place = { operationId: settled.operationId, ledgerNumber: decided.ledgerNumber, index: decided.index };
  const ruling = ruleOn(asked, decided.partition, balances);
  if (ruling.kind === 'unlawful') {
    differences.add({ kind: 'settled_though_unlawful', ...place, why: ruling.why });
    return { status: settled.status, failureCode, movements: [] };
  }

  const expected = sayDecision(
    ruling.kind === 'approve' ? 'succeeded' : 'failed',
    ruling.kind === 'approve' ? null : ruling.code,
  );
  const found = sayDecision(settled.status, failureCode);
  if (expected !== found) differences.add({ kind: 'decision_wrong', ...place, expected, found });

  for (const disagreement of fieldsThatDiffer(asked, settled)) {
    differences.add({ kind: 'settled_field_wrong', ...place, ...disagreement });
  }
  const movements = settled.status === 'succeeded' ? ruling.movements : [];
  const changes = balances.post(movements);
  for (const difference of checkBalances(decided, ruling, changes, balances))
    differences.add({ ...difference, ...place });
  return { status: settled.status, failureCode, movements };
}

function sayDecision(status: string, failureCode: string | null): string {
  return failureCode === null ? status : `${status}: ${failureCode}`;
}

const COPIED_FIELDS = [
  'operation',
  'paymentId',
  'environment',
  'merchantId',
  'customerId',
  'amountMinor',
  'currency',
] as const;

function* fieldsThatDiffer(asked: AskedOperation, settled: SettledRecord) {
  for (const field of COPIED_FIELDS) {
    if (asked[field] !== settled[field]) yield { field, expected: String(asked[field]), found: String(settled[field]) };
  }
  const expected = settled.status === 'succeeded' ? sayFees(asked.fees) : '';
  const found = sayFees(settled.fees);
  if (expected !== found) yield { field: 'fees', expected: expected || 'none', found: found || 'none' };
}

function sayFees(fees: SettledRecord['fees']): string {
  return fees.map((fee) => `${fee.amountMinor} ${fee.currency}`).join(', ');
}

type BalanceDifference = Extract<
  Difference,
  { kind: 'settled_balance_wrong' | 'settled_balance_missing' | 'version_hole' }
>;
type WithoutPlace<Each> = Each extends unknown ? Omit<Each, 'operationId' | 'ledgerNumber' | 'index'> : never;

function* checkBalances(
  { asked, settled }: Decided,
  ruling: Ruling,
  changes: ReadonlyMap<string, bigint>,
  balances: Balances,
): Generator<WithoutPlace<BalanceDifference>> {
  const unreported = new Set([...changes.keys()].filter(isFundsChecked));
  if (asked !== null && ruling.kind === 'decline' && ruling.code === 'insufficient_funds')
    unreported.add(walletOf(asked));

  for (const reported of settled.balances) {
    const { accountId } = reported;
    unreported.delete(accountId);
    yield* checkReported(reported, changes.get(accountId), balances);
  }
  for (const accountId of unreported) yield { kind: 'settled_balance_missing', accountId };
}

function* checkReported(
  reported: ReportedBalance,
  changeMinor: bigint | undefined,
  balances: Balances,
): Generator<WithoutPlace<BalanceDifference>> {
  const { accountId, version: found } = reported;
  const now = balances.of(accountId);
  const pairs = [
    ['posted', now.postedMinor, reported.postedMinor],
    ['held', now.heldMinor, reported.heldMinor],
    ['posted change', changeMinor ?? 0n, reported.postedChangeMinor],
    ['held change', 0n, reported.heldChangeMinor],
    ['changed', changeMinor !== undefined, reported.changed],
  ] as const;
  for (const [field, right, said] of pairs) {
    if (right !== said) {
      yield { kind: 'settled_balance_wrong', accountId, field, expected: String(right), found: String(said) };
    }
  }
  if (found !== now.version) yield { kind: 'version_hole', accountId, expected: now.version, found };
}
