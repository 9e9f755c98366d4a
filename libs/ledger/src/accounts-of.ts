// Says what a batch is about before anything is decided, so that it can be made, locked and read first.
import { compareIds } from './compare-ids.ts';
import type { Instruction, Reading } from './instruction.ts';
import type { PaymentTerms } from './payment.ts';

/**
 * Every account that the batch's instructions may touch, each once, in the order in which they are locked. `terms` are
 * those of the payments that are there; what the batch itself begins is known from its own records.
 */
export function accountsOf(readings: readonly Reading[], terms: ReadonlyMap<string, PaymentTerms>): string[] {
  const accountIds = new Set<string>();
  const begun = new Map<string, PaymentTerms>();
  for (const { opens, needs, accountsOf: namedBy } of instructionsOf(readings)) {
    if (opens !== null && !begun.has(opens.paymentId)) begun.set(opens.paymentId, opens);
    const { paymentId } = needs;
    const payment = paymentId === null ? undefined : (terms.get(paymentId) ?? begun.get(paymentId));
    for (const accountId of namedBy(payment)) accountIds.add(accountId);
  }
  return [...accountIds].toSorted(compareIds);
}

/** What the batch's instructions need read, each thing once, sorted. */
export interface BatchNeeds {
  readonly paymentIds: readonly string[];
  readonly disputeIds: readonly string[];
  readonly operationIds: readonly string[];
  readonly spendSubjects: readonly string[];
}

export function needsOf(readings: readonly Reading[]): BatchNeeds {
  const needs = instructionsOf(readings).map((instruction) => instruction.needs);
  return {
    paymentIds: sortedOnce(needs.map(({ paymentId }) => paymentId)),
    disputeIds: sortedOnce(needs.map(({ disputeId }) => disputeId)),
    operationIds: sortedOnce(needs.map(({ operationId }) => operationId)),
    spendSubjects: sortedOnce(needs.map(({ spendsOf }) => spendsOf)),
  };
}

function instructionsOf(readings: readonly Reading[]): Instruction[] {
  return readings.flatMap((reading) => (reading.legal ? [reading.instruction] : []));
}

function sortedOnce(ids: readonly (string | null)[]): string[] {
  return [...new Set(ids.filter((id) => id !== null))].toSorted(compareIds);
}
