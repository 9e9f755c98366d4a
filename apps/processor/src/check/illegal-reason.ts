// Lists what may be wrong with a record of payment.requested, and what each fault costs it.
import type { Failure, FailureCode } from '@paystream/payments';
import { failureOf } from '@paystream/payments';

/** Nobody can say whose operation it is: it cannot have come from our gateway, and is a dead letter. */
export type NamelessReason =
  | 'unknown_operation'
  | 'unsupported_operation'
  | 'invalid_operation_id'
  | 'invalid_payment_id'
  | 'invalid_environment'
  | 'invalid_merchant_id'
  | 'invalid_customer_id'
  | 'invalid_requested_at'
  | 'key_mismatch';

/** It says whose it is, and asks for what cannot be: somebody may wait for its end, so it ends as failed. */
export type TermsReason =
  | 'invalid_amount'
  | 'unknown_currency'
  | 'invalid_merchant_version'
  | 'invalid_method'
  | 'invalid_country'
  | 'unexpected_terms'
  | 'missing_terms'
  | 'invalid_conversion'
  | 'invalid_expiry'
  | 'invalid_reason_code'
  | 'invalid_refund'
  | 'invalid_transfer'
  | 'invalid_pay_out'
  | 'invalid_account'
  | 'invalid_limits'
  | 'invalid_correction'
  | 'invalid_operator';

/** The first thing against a record's terms; null when there is none. */
export type Problem = TermsReason | null;

/** Those that merchants know under a code of their own. */
const CODES: Partial<Record<TermsReason, FailureCode>> = {
  invalid_amount: 'amount_invalid',
  unknown_currency: 'currency_not_supported',
  invalid_method: 'method_not_supported',
};

/** What the operation fails with; the rule that refused is named as any other. */
export function failureOfTerms(reason: TermsReason): Failure {
  return failureOf(CODES[reason] ?? 'terms_invalid', 'validation', { ruleId: reason });
}
