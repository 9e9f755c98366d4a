// Says what a request of each operation has and has not: the table by which all of them are checked.
import type { Operation } from '@paystream/payments';
import type { PaymentRequested } from '@paystream/topics';

/** What is asked for on payment.requested and decided here. */
export type RequestedOperation = Exclude<Operation, 'resolve' | 'dispute' | 'return' | 'report'>;

/** The parts of a request that belong to some operations and to no other. */
export const termsNames = [
  'authorize',
  'capture',
  'cancel',
  'refund',
  'transfer',
  'payOut',
  'account',
  'correction',
  'resolve',
] as const satisfies readonly (keyof PaymentRequested)[];

export type TermsName = (typeof termsNames)[number];

export interface OperationShape {
  /** What it belongs to: itself as the first or only operation, a payment made before, or any operation made before. */
  payment: 'own' | 'earlier' | 'any';
  /** `either`: the terms decide whether it is the customer's or the merchant's. */
  customer: 'always' | 'either';
  hasAmount: boolean;
  hasMethod: boolean;
  terms: TermsName | null;
  /** Set where there may be nothing to say in the terms. */
  mayLackTerms?: true;
  /** Whether the wallet may be in another currency; `quoted`: and its rate promised. */
  conversion: 'none' | 'wallet' | 'quoted';
  operator: 'never' | 'maybe' | 'always';
}

const payment: OperationShape = {
  payment: 'own',
  customer: 'always',
  hasAmount: true,
  hasMethod: true,
  terms: null,
  conversion: 'quoted',
  operator: 'never',
};
const followUp: OperationShape = { ...payment, payment: 'earlier', hasMethod: false, conversion: 'none' };
const endOfHold: OperationShape = { ...followUp, hasAmount: false, terms: 'cancel', mayLackTerms: true };
const command: OperationShape = {
  payment: 'own',
  customer: 'either',
  hasAmount: false,
  hasMethod: false,
  terms: 'account',
  conversion: 'none',
  operator: 'maybe',
};

export const requestedOperations: Readonly<Record<RequestedOperation, OperationShape>> = {
  pay: payment,
  authorize: { ...payment, terms: 'authorize' },
  capture: { ...followUp, terms: 'capture' },
  cancel: endOfHold,
  expire: endOfHold,
  refund: { ...followUp, terms: 'refund', conversion: 'wallet' },
  transfer: { ...payment, terms: 'transfer', conversion: 'none' },
  top_up: { ...payment, conversion: 'none' },
  pay_out: { ...payment, customer: 'either', terms: 'payOut', conversion: 'none' },
  limit: command,
  freeze: command,
  unfreeze: command,
  close: command,
  correct: { ...command, payment: 'any', terms: 'correction', operator: 'always' },
};

export function isRequestedOperation(operation: Operation): operation is RequestedOperation {
  return Object.hasOwn(requestedOperations, operation);
}
