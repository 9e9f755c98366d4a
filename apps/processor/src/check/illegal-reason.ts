// Lists why a record cannot have come from our gateway; the reason is on its dead letter.
export type IllegalReason =
  | 'unknown_operation'
  | 'unsupported_operation'
  | 'invalid_operation_id'
  | 'invalid_payment_id'
  | 'invalid_environment'
  | 'invalid_merchant_id'
  | 'invalid_customer_id'
  | 'invalid_amount'
  | 'unknown_currency'
  | 'invalid_requested_at'
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
  | 'invalid_operator'
  | 'key_mismatch';

/** The first thing against a record; null when there is none. */
export type Problem = IllegalReason | null;
