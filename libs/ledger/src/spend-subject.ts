// Names whose earlier operations a velocity rule looks at: one customer's at one merchant.
import type { ProcessedOperation } from './model.ts';

/** `test:mer_…:cus_…`; null when the record carries no velocity rules. */
export function spendSubject({ environment, merchantId, customerId, velocity }: ProcessedOperation): string | null {
  if (velocity === null || velocity.length === 0 || customerId === null) return null;
  return `${environment}:${merchantId}:${customerId}`;
}
