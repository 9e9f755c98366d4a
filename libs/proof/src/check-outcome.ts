// Checks what accounts say of an operation against what had to be decided, and keeps the proof's picture in step.

import { checkReports } from './check-reports.ts';
import { checkSettled } from './check-settled.ts';
import type { Differences } from './differences.ts';
import { disagreements } from './differences.ts';
import type { AskedOperation } from './inputs.ts';
import type { Movement } from './movements.ts';
import type { Decided } from './partition-cursor.ts';
import type { Circumstances } from './rules.ts';
import { ruleOn } from './rules.ts';
import { findWrongPrices } from './rules/priced.ts';
import { applyEffect, NO_EFFECT } from './state.ts';

/** What the books must hold for an outcome. */
export interface Expectation {
  readonly outcome: string;
  readonly failureCode: string | null;
  readonly movements: readonly Movement[];
}

const COPIED_FIELDS = [
  'operationId',
  'operation',
  'paymentId',
  'environment',
  'merchantId',
  'customerId',
  'amountMinor',
  'currency',
] as const;

/**
 * Rules on the operation, reports where the outcome differs, and takes its effect over. Where the ruling and the outcome
 * part, the fold goes on as the outcome has it: one wrong approval is then one difference and not all that follow.
 */
export function checkOutcome(decided: Decided, circumstances: Circumstances, differences: Differences): Expectation {
  const { asked, outcome, settled } = decided;
  const failureCode = settled?.failure?.code ?? null;
  const nothing = { outcome: rowOutcome(decided), failureCode, movements: [] };
  if (asked === null) return nothing;

  const place = { operationId: outcome.operationId, ledgerNumber: decided.ledgerNumber, index: decided.index };
  const ruling = ruleOn(asked, circumstances);
  if (ruling.kind === 'unlawful') {
    differences.add({ kind: 'settled_though_unlawful', ...place, why: ruling.why });
    return nothing;
  }
  const expected = sayDecision(ruling.status, ruling.code);
  const found = sayDecision(outcome.status, failureCode);
  if (expected !== found) differences.add({ kind: 'decision_wrong', ...place, expected, found });

  for (const disagreement of findWrongPrices(asked))
    differences.add({ kind: 'price_wrong', ...place, ...disagreement });
  const named = inWhoseName(asked, ruling.ends);
  for (const disagreement of disagreements(COPIED_FIELDS.map((field) => [field, named[field], outcome[field]]))) {
    differences.add({ kind: 'settled_field_wrong', ...place, ...disagreement });
  }

  const effect = ruling.isOurs && outcome.status === 'failed' ? NO_EFFECT : ruling.effect;
  const { state } = circumstances;
  const changes = applyEffect(state, asked, effect);
  if (settled !== null) {
    for (const disagreement of checkSettled(asked, settled, { ruling, effect, payment: state.payments.find(asked) })) {
      differences.add({ kind: 'settled_field_wrong', ...place, ...disagreement });
    }
  }
  const seen = { changes, blocker: ruling.accountId, balances: state.balances };
  for (const difference of checkReports(outcome.balances ?? [], seen)) differences.add({ ...difference, ...place });
  return { outcome: rowOutcome(decided), failureCode, movements: effect.movements };
}

/** Whose outcome it is: of a report that ends a pay-out the pay-out's, else the operation's own. */
function inWhoseName(asked: AskedOperation, ends: boolean): AskedOperation {
  return ends ? { ...asked, operation: 'pay_out', operationId: asked.paymentId } : asked;
}

/** How the books say it: what is on its way was admitted. */
function rowOutcome({ outcome: { status }, settled }: Decided): string {
  return settled === null ? 'admitted' : status;
}

function sayDecision(status: string, failureCode: string | null): string {
  return failureCode === null ? status : `${status}: ${failureCode}`;
}
