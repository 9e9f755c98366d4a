// Says what a dry run of a payment looks like: everything it would do, and what only the ledger could say.
import { CLOSED, nullable } from '@paystream/http';
import { Type } from 'typebox';
import { isoMicros } from '../iso-micros.ts';
import { Fee, Fx } from '../payments/model.ts';
import { toFailureObject } from '../payments/money-objects.ts';
import type { DryRun } from './dry-run.ts';
import { endOf, expectedEvents } from './expected-events.ts';
import { DecisionObject, showCosts, toRuleObject } from './model.ts';

export const DryRunObject = Type.Object(
  {
    object: Type.Literal('dry_run'),
    operation: Type.String({ description: 'pay or authorize' }),
    decision: DecisionObject,
    fees: Type.Array(Fee),
    fx: nullable(Fx),
    postings: Type.Array(
      Type.Object(
        { debit: Type.String(), credit: Type.String(), currency: Type.String(), amount: Type.Integer() },
        CLOSED,
      ),
      { description: 'In the order of their lines; accounts of the house without their partition' },
    ),
    accounts: Type.Array(
      Type.Object(
        {
          account: Type.String(),
          currency: Type.String(),
          posted_before: Type.Integer(),
          posted_after: Type.Integer(),
          held_before: Type.Integer(),
          held_after: Type.Integer(),
        },
        CLOSED,
      ),
      { description: 'Wallet and payable, as far as the gateway has heard' },
    ),
    events: Type.Array(
      Type.Object(
        {
          topic: Type.String(),
          fields: Type.Record(Type.String(), nullable(Type.Union([Type.String(), Type.Integer()]))),
        },
        CLOSED,
      ),
    ),
    not_checked: Type.Array(Type.String(), { description: 'What only ledger and processor know' }),
    as_of: Type.String({ format: 'date-time', description: 'Balances, rates and plan are those known at this time' }),
  },
  CLOSED,
);

/** Kept on rows that are read only where they are locked. */
const LEDGER_ALONE = ['account_status', 'overdraft', 'daily_limits'] as const;

export function showDryRun(run: DryRun): object {
  const { claim, decision, decided, isScreened, asOfMicros } = run;
  const { payment_status: outcome } = endOf(run);
  const failure = decision.kind === 'refused' ? decision.failure : (decided?.failure ?? null);
  const hasVelocity = decision.kind === 'priced' && decision.velocity.length > 0;
  return {
    object: 'dry_run',
    operation: claim.operation,
    decision: {
      outcome,
      failure: failure && toFailureObject(failure),
      rules: [...decision.decisions, ...(decided?.decisions ?? [])].map(toRuleObject),
    },
    ...showCosts(decision),
    postings: (decided?.postings ?? []).map(({ debitAccount, creditAccount, currency, amountMinor }) => ({
      ...{ debit: withoutPartition(debitAccount), credit: withoutPartition(creditAccount) },
      ...{ currency, amount: amountMinor },
    })),
    accounts: (decided?.effects ?? []).map(({ before, after }) => ({
      ...{ account: after.id, currency: after.currency },
      ...{ posted_before: before.postedMinor, posted_after: after.postedMinor },
      ...{ held_before: before.heldMinor, held_after: after.heldMinor },
    })),
    events: expectedEvents(run),
    not_checked: [...LEDGER_ALONE, ...(hasVelocity ? ['velocity'] : []), ...(isScreened ? ['screening'] : [])],
    as_of: isoMicros(asOfMicros),
  };
}

function withoutPartition(accountId: string): string {
  return accountId.replace(/:p\d+$/, '');
}
