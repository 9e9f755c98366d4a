// Says what has to be known of an operation to show it, and gathers it: as it was asked for, as it was settled, as it is now.
import type { Operation } from '@paystream/payments';
import type { Failure, PaymentSettled, Terms } from '@paystream/topics';
import type { AskedTerms } from '../store/read-terms.ts';
import type { StoredOperation } from '../store/stored-operation.ts';
import type { FeeObject, FxObject } from './money-objects.ts';
import { toFeeObject, toFxObject } from './money-objects.ts';

/** What never changes: a claim and a stored operation fit. */
export interface AskedOperation {
  /** pay_…, re_…, … */
  id: string;
  operation: Operation;
  paymentId: string;
  customerId: string | null;
  amountMinor: bigint | null;
  currency: string | null;
  terms: Partial<Terms>;
}

/** Sums of a payment, in minor units of its currency. */
export interface Sums {
  authorizedMinor: bigint;
  capturedMinor: bigint;
  refundedMinor: bigint;
  disputedMinor: bigint;
}

export interface OperationFacts extends AskedOperation {
  /** Of a payment or pay-out its own, else the operation's. */
  status: string;
  /** Of the payment after a follow-up; null while it is not final, and when it failed. */
  paymentStatus: string | null;
  sums: Sums;
  fees: readonly FeeObject[];
  fx: FxObject | null;
  failure: Failure | null;
  createdAtMicros: bigint;
  settledAtMicros: bigint | null;
}

export const NO_SUMS: Sums = { authorizedMinor: 0n, capturedMinor: 0n, refundedMinor: 0n, disputedMinor: 0n };

/** Accepted and not final; a pay-out may be on its way already. */
export function unsettledFacts(asked: AskedOperation, createdAtMicros: bigint, status = 'requested'): OperationFacts {
  return {
    ...asked,
    ...{ status, paymentStatus: null, sums: NO_SUMS, fees: [], fx: null, failure: null },
    createdAtMicros,
    settledAtMicros: null,
  };
}

const SHOW_PAYMENT_STATUS: ReadonlySet<string> = new Set(['pay', 'authorize', 'pay_out']);

/** As the event has it; what was asked is not on the event, or not as it was asked, and matters to some. */
export function settledFacts(
  settled: PaymentSettled,
  operation: Operation,
  asked: Partial<AskedTerms>,
): OperationFacts {
  const { operationId, paymentId, customerId, currency, status, paymentStatus } = settled;
  const { amountMinor = settled.amountMinor, requestedAtMicros = settled.requestedAt, ...terms } = asked;
  return {
    ...{ id: operationId, operation, paymentId, customerId, amountMinor, currency, terms },
    // A follow-up that was declined does not say how the payment stands.
    paymentStatus: settled.payment === null ? null : paymentStatus,
    status: SHOW_PAYMENT_STATUS.has(operation) ? paymentStatus : status,
    sums: settled.payment ?? NO_SUMS,
    fees: settled.fees.map(toFeeObject),
    fx: settled.fx && toFxObject(settled.fx),
    failure: settled.failure,
    createdAtMicros: requestedAtMicros,
    settledAtMicros: settled.settledAt,
  };
}

/** What of a payment has changed since its first outcome; null when that still says all. */
export function changedFacts(stored: StoredOperation): OperationFacts | null {
  const { state, outcomeStatus, requestedAtMicros, settledAtMicros } = stored;
  if (state === null || state.status === outcomeStatus) return null;
  const { status, sums, fees, fx } = state;
  return {
    ...unsettledFacts(stored, requestedAtMicros, status),
    ...{ sums, fees, fx, paymentStatus: status, settledAtMicros },
  };
}
