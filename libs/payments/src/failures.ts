// Owns the closed table of reasons for which a payment fails, and what may help with each.

/** What may help: never again, the customer's doing, later, another method, another provider, a setting. */
export type FailureAdvice =
  | 'do_not_retry'
  | 'customer_action'
  | 'retry_later'
  | 'other_method'
  | 'other_provider'
  | 'fix_configuration'
  | 'await_outcome'
  | 'manual_review';

/** Who or what stood in the way. */
export type FailureCategory =
  | 'payment_method'
  | 'authentication'
  | 'risk'
  | 'customer'
  | 'provider'
  | 'configuration'
  | 'request'
  | 'state'
  | 'ledger';

/** Where on its walk the operation failed. */
export type FailureStage = 'validation' | 'routing' | 'authorization' | 'ledger' | 'capture' | 'refund';

interface FailureRow {
  category: FailureCategory;
  /** Best first; events carry the first. */
  advice: readonly [FailureAdvice, ...FailureAdvice[]];
  /** Where it usually happens. */
  stage: FailureStage;
}

/** Every code with what it means for the next try. Codes and advice: the superset of Stripe's and Hyperswitch's. */
const table = {
  insufficient_funds: row('payment_method', 'authorization', 'retry_later', 'other_method'),
  credit_limit_exceeded: row('payment_method', 'authorization', 'retry_later', 'other_method'),
  velocity_limit_exceeded: row('payment_method', 'authorization', 'retry_later'),
  do_not_honor: row('payment_method', 'authorization', 'other_method'),
  generic_decline: row('payment_method', 'authorization', 'other_method'),
  card_lost_or_stolen: row('risk', 'authorization', 'do_not_retry'),
  restricted: row('payment_method', 'authorization', 'other_method'),
  suspected_fraud: row('risk', 'authorization', 'do_not_retry'),
  account_closed_or_invalid: row('payment_method', 'authorization', 'do_not_retry', 'other_method'),
  expired_instrument: row('payment_method', 'authorization', 'customer_action'),
  invalid_number: row('payment_method', 'authorization', 'customer_action'),
  invalid_cvv: row('payment_method', 'authorization', 'customer_action'),
  invalid_expiry: row('payment_method', 'authorization', 'customer_action'),
  address_mismatch: row('payment_method', 'authorization', 'customer_action'),
  pin_invalid: row('authentication', 'authorization', 'customer_action'),
  pin_required: row('authentication', 'authorization', 'customer_action'),
  pin_tries_exceeded: row('authentication', 'authorization', 'customer_action'),
  authentication_required: row('authentication', 'authorization', 'customer_action'),
  authentication_failed: row('authentication', 'authorization', 'customer_action', 'other_method'),
  not_permitted: row('payment_method', 'authorization', 'other_method'),
  method_not_supported: row('payment_method', 'validation', 'other_method'),
  currency_not_supported: row('request', 'validation', 'other_method', 'fix_configuration'),
  amount_invalid: row('request', 'validation', 'fix_configuration'),
  duplicate: row('request', 'validation', 'do_not_retry'),
  issuer_unavailable: row('provider', 'authorization', 'retry_later', 'other_provider'),
  processing_error: row('provider', 'authorization', 'retry_later', 'other_provider'),
  timed_out: row('provider', 'authorization', 'await_outcome'),
  authorization_revoked: row('customer', 'authorization', 'do_not_retry'),
  cancelled_by_customer: row('customer', 'authorization', 'customer_action'),
  session_expired: row('customer', 'authorization', 'customer_action'),
  compliance: row('risk', 'validation', 'do_not_retry'),
  merchant_inactive: row('configuration', 'validation', 'fix_configuration'),
  misconfigured: row('configuration', 'routing', 'fix_configuration'),
  credentials_invalid: row('configuration', 'authorization', 'fix_configuration'),
  test_instrument_in_live: row('configuration', 'validation', 'fix_configuration'),
  rejected_by_rule: row('risk', 'validation', 'do_not_retry'),
  amount_mismatch: row('provider', 'authorization', 'manual_review'),
  // Our own, of the pipeline rather than of a payment method.
  fx_quote_expired: row('request', 'validation', 'retry_later', 'fix_configuration'),
  fx_rate_stale: row('configuration', 'validation', 'retry_later', 'fix_configuration'),
  // What the door should have refused; the rule's name says what it is.
  terms_invalid: row('request', 'validation', 'fix_configuration'),
  // The version of the merchant's settings that the door saw was not told in time.
  merchant_unknown: row('configuration', 'validation', 'retry_later'),
  refund_exceeds_captured: row('state', 'refund', 'fix_configuration', 'retry_later'),
  payment_not_capturable: row('state', 'capture', 'fix_configuration', 'retry_later'),
  already_captured: row('state', 'capture', 'fix_configuration', 'retry_later'),
  already_voided: row('state', 'capture', 'fix_configuration', 'retry_later'),
  hold_expired: row('state', 'capture', 'fix_configuration', 'retry_later'),
  exceeds_authorized_amount: row('state', 'capture', 'fix_configuration', 'retry_later'),
  payment_disputed: row('state', 'refund', 'retry_later', 'fix_configuration'),
  no_route: row('configuration', 'routing', 'fix_configuration', 'retry_later'),
  limit_exceeded: row('ledger', 'ledger', 'retry_later', 'fix_configuration'),
  account_frozen: row('ledger', 'ledger', 'retry_later', 'fix_configuration'),
  ledger_rejected: row('ledger', 'ledger', 'fix_configuration', 'retry_later'),
} as const satisfies Record<string, FailureRow>;

export type FailureCode = keyof typeof table;

/** The table as data: code to category, advice and usual stage. */
export const failures: Readonly<Record<FailureCode, FailureRow>> = table;

/** Why an operation failed, field for field as the topics carry it. */
export interface Failure {
  code: FailureCode;
  category: FailureCategory;
  stage: FailureStage;
  /** The best of the code's advice. */
  advice: FailureAdvice;
  /** Rule or limit that refused, and its version. */
  ruleId: string | null;
  ruleVersion: bigint | null;
  /** Microseconds since the epoch, UTC. */
  retryNotBefore: bigint | null;
  provider: string | null;
  providerCode: string | null;
  networkCode: string | null;
  networkAdvice: string | null;
  /** Version of the mapping from the provider's code to ours. */
  mappingVersion: string | null;
}

/** What only the one case at hand knows. */
export type FailureDetails = Partial<Omit<Failure, 'code' | 'category' | 'stage' | 'advice'>>;

const NO_DETAILS = {
  ruleId: null,
  ruleVersion: null,
  retryNotBefore: null,
  provider: null,
  providerCode: null,
  networkCode: null,
  networkAdvice: null,
  mappingVersion: null,
};

/** The failure with this code, at its usual stage unless another is named. */
export function failureOf(
  code: FailureCode,
  stage: FailureStage = failures[code].stage,
  details: FailureDetails = {},
): Failure {
  const { category, advice } = failures[code];
  return { code, category, stage, advice: advice[0], ...NO_DETAILS, ...details };
}

export function isFailureCode(code: string): code is FailureCode {
  return Object.hasOwn(table, code);
}

/** False where trying again can only do harm. */
export function mayRetry(code: FailureCode): boolean {
  return !failures[code].advice.includes('do_not_retry');
}

const TOLD_AS_GENERIC: ReadonlySet<FailureCode> = new Set(['card_lost_or_stolen', 'suspected_fraud']);

/** What the customer may be told: who stole a card does not learn that it is known. The true code stays on the event. */
export function customerCodeOf(code: FailureCode): FailureCode {
  return TOLD_AS_GENERIC.has(code) ? 'generic_decline' : code;
}

function row(
  category: FailureCategory,
  stage: FailureStage,
  ...advice: [FailureAdvice, ...FailureAdvice[]]
): FailureRow {
  return { category, stage, advice };
}
