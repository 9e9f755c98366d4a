// Decides whether a record is about a payment at all: only about one of its own merchant, customer and environment.
import type { PaymentTerms } from './payment.ts';
import type { ProcessedOperation } from './processed-operation.ts';

/** The payment, when it is the record's own: another's lies in another partition, out of this one's hands. */
export function ownTerms<Terms extends PaymentTerms>(
  asked: ProcessedOperation,
  found: Terms | undefined,
): Terms | undefined {
  if (found === undefined || found.environment !== asked.environment) return undefined;
  return found.merchantId === asked.merchantId && found.customerId === asked.customerId ? found : undefined;
}

/** The same, of this kind. */
export function ownPayment<Terms extends PaymentTerms>(
  asked: ProcessedOperation,
  kind: PaymentTerms['kind'],
  found: Terms | undefined,
): Terms | undefined {
  const own = ownTerms(asked, found);
  return own?.kind === kind ? own : undefined;
}
