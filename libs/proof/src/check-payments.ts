// Compares every payment and dispute in the books with the proof's own, both ways.

import type { Differences } from './differences.ts';
import { disagreements } from './differences.ts';
import type { Chunks } from './inputs.ts';
import type { Dispute, Payment, Payments } from './payments.ts';
import type { DisputeRow, PaymentRow } from './rows.ts';
import { RULES_VERSION } from './rules.ts';
import { storedTerms } from './stored-terms.ts';

/** Returns how many payments the books hold. Consumes `payments`: what the books hold too is forgotten. */
export async function checkPayments(
  rows: Chunks<PaymentRow>,
  payments: Payments,
  differences: Differences,
): Promise<number> {
  let count = 0;
  for await (const chunk of rows) {
    count += chunk.length;
    for (const row of chunk) {
      const { paymentId } = row;
      const payment = payments.take(paymentId);
      if (payment === undefined) differences.add({ kind: 'payment_extra', paymentId });
      else {
        for (const disagreement of disagreements(fieldsOf(payment, row)))
          differences.add({ kind: 'payment_wrong', paymentId, ...disagreement });
      }
    }
  }
  for (const { terms, status } of payments.all()) {
    differences.add({ kind: 'payment_missing', paymentId: terms.paymentId, status });
  }
  return count;
}

function fieldsOf({ terms, ...sums }: Payment, row: PaymentRow): [field: string, expected: unknown, found: unknown][] {
  return [
    ['environment', terms.environment, row.environment],
    ['merchant', terms.merchantId, row.merchantId],
    ['customer', terms.customerId, row.customerId],
    ['kind', terms.kind, row.kind],
    ['currency', terms.currency, row.currency],
    ['amount', terms.amountMinor, row.amountMinor],
    ['status', sums.status, row.status],
    ['authorized', sums.authorizedMinor, row.authorizedMinor],
    ['captured', sums.capturedMinor, row.capturedMinor],
    // Only a provider makes a capture or a refund wait, and none carries one yet.
    ['captures pending', 0n, row.capturePendingMinor],
    ['refunded', sums.refundedMinor, row.refundedMinor],
    ['refunds pending', 0n, row.refundPendingMinor],
    ['disputed', sums.disputedMinor, row.disputedMinor],
    ['lost', sums.lostMinor, row.lostMinor],
    ['end of the hold', terms.expiresAt, row.expiresAt],
    ['rules version', RULES_VERSION, row.rulesVersion],
    ...storedTerms(terms, row),
  ];
}

const DISPUTE_FIELDS = [
  'paymentId',
  'environment',
  'merchantId',
  'customerId',
  'currency',
  'amountMinor',
  'feeMinor',
  'fromReceivableMinor',
  'source',
  'status',
] as const;

/** Returns how many disputes the books hold. Consumes `disputes`. */
export async function checkDisputes(
  rows: Chunks<DisputeRow>,
  disputes: Map<string, Dispute>,
  differences: Differences,
): Promise<number> {
  let count = 0;
  for await (const chunk of rows) {
    count += chunk.length;
    for (const row of chunk) {
      const { disputeId } = row;
      const dispute = disputes.get(disputeId);
      disputes.delete(disputeId);
      if (dispute === undefined) differences.add({ kind: 'dispute_extra', disputeId });
      else {
        const fields = DISPUTE_FIELDS.map((field) => [field, dispute[field], row[field]] as const);
        for (const disagreement of disagreements(fields))
          differences.add({ kind: 'dispute_wrong', disputeId, ...disagreement });
      }
    }
  }
  for (const { disputeId, status } of disputes.values())
    differences.add({ kind: 'dispute_missing', disputeId, status });
  return count;
}
