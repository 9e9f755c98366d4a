// Says which accounts a batch is about before anything is decided, so that they can be made and locked first.
import { compareIds } from './compare-ids.ts';
import type { PaymentTerms, Reading } from './model.ts';

/** Every account that the batch's instructions may touch, each once, in the order in which they are locked. */
export function accountsOf(readings: readonly Reading[], terms: ReadonlyMap<string, PaymentTerms>): string[] {
  const accountIds = new Set<string>();
  for (const reading of readings) {
    if (!reading.legal) continue;
    const { instruction } = reading;
    const payment = instruction.paymentId === null ? undefined : terms.get(instruction.paymentId);
    for (const accountId of instruction.accountsOf(payment)) accountIds.add(accountId);
  }
  return [...accountIds].toSorted(compareIds);
}

/** Payments whose rows the batch's instructions need, each once, sorted. */
export function paymentsOf(readings: readonly Reading[]): string[] {
  const paymentIds = new Set<string>();
  for (const reading of readings) {
    if (reading.legal && reading.instruction.paymentId !== null) paymentIds.add(reading.instruction.paymentId);
  }
  return [...paymentIds].toSorted(compareIds);
}
