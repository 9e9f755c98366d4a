// Says which events a payment would leave on the log, with their main fields.
import type { DryRun } from './dry-run.ts';

export interface ExpectedEvent {
  topic: string;
  fields: Record<string, string | bigint | null>;
}

/** In the order in which they would come to be. */
export function expectedEvents(run: DryRun): ExpectedEvent[] {
  const { claim, decision } = run;
  const { operation, customerId: customer, amountMinor: amount, currency } = claim;
  const ids = { operation, customer, amount, currency };
  return [
    { topic: 'payment.requested', fields: { ...ids, source_currency: claim.terms.sourceCurrency ?? null } },
    {
      topic: 'payment.processed',
      fields: { ...ids, kind: decision.kind, failure_code: decision.kind === 'refused' ? decision.failure.code : null },
    },
    { topic: 'payment.settled', fields: { ...ids, ...endOf(run) } },
    ...changedAccounts(run),
    { topic: 'customer.notification', fields: { customer, template: templateOf(run) } },
  ];
}

/** How it would end. */
export function endOf({ decision, decided }: DryRun): {
  status: string;
  payment_status: string;
  failure_code: string | null;
} {
  if (decision.kind === 'refused') {
    return { status: 'failed', payment_status: 'failed', failure_code: decision.failure.code };
  }
  const status = decided?.outcome ?? 'failed';
  const failureCode = decided?.failure?.code ?? null;
  return { status, payment_status: decided?.payment?.status ?? status, failure_code: failureCode };
}

function changedAccounts({ decided }: DryRun): ExpectedEvent[] {
  const changed = (decided?.effects ?? []).filter(({ before, after }) => before !== after);
  return changed.map(({ after: { id, postedMinor, heldMinor } }) => ({
    topic: 'account.updated',
    fields: { account: id, posted: postedMinor, held: heldMinor },
  }));
}

/** The words of the ledger's own notifications. */
function templateOf(run: DryRun): string {
  if (endOf(run).status !== 'succeeded') return 'payment_failed';
  return run.claim.operation === 'authorize' ? 'payment_authorized' : 'payment_succeeded';
}
