// Says what an operation carries beside ids and amount: the part of payment.requested that differs from operation to operation.
import type { PaymentRequested } from './generated.ts';

export type Terms = Pick<
  PaymentRequested,
  | 'method'
  | 'sourceCurrency'
  | 'quote'
  | 'authorize'
  | 'capture'
  | 'cancel'
  | 'refund'
  | 'transfer'
  | 'payOut'
  | 'account'
  | 'correction'
  | 'resolve'
  | 'operator'
  | 'country'
>;

/** What an operation carries that has no terms of its own. */
export const NO_TERMS = {
  method: null,
  sourceCurrency: null,
  quote: null,
  authorize: null,
  capture: null,
  cancel: null,
  refund: null,
  transfer: null,
  payOut: null,
  account: null,
  correction: null,
  resolve: null,
  operator: null,
  country: null,
} as const satisfies Terms;
