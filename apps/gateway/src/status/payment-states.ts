// Works out what later operations make of payments and pay-outs: status, sums, and the fees and conversions of all of them.
import { prefixes, toUuid } from '@paystream/payments';
import type { PaymentSettled, Terms } from '@paystream/topics';
import { holdEndsAt } from '../intake/terms.ts';
import { uuidOf } from '../operation-id.ts';
import { NO_SUMS } from '../payments/facts.ts';
import type { FeeObject, FxObject } from '../payments/money-objects.ts';
import { addFees, addFx, toFeeObject, toFxObject } from '../payments/money-objects.ts';
import type { LedgerPlace, StoredState } from '../store/payment-state.ts';

export interface PaymentState extends StoredState {
  paymentUuid: string;
  /** Of a payment that was authorized; null leaves it as it is. */
  holdEndsAtMicros: bigint | null;
}

/** A payment of ours: what its first operation took, and what has become of it. */
export interface KnownPayment {
  firstFees: readonly FeeObject[];
  firstFx: FxObject | null;
  state: StoredState | null;
}

/** Whether it makes something of a payment that the payment's first outcome does not tell. */
export function changesState(settled: PaymentSettled): boolean {
  const { operation, status, payment } = settled;
  if (operation === 'pay' || paymentUuidOf(settled) === undefined) return false;
  if (operation === 'pay_out') return true;
  return status !== 'failed' && payment !== null;
}

/** Uuid of the payment or pay-out it belongs to; undefined when it belongs to neither. */
export function paymentUuidOf({ paymentId }: Pick<PaymentSettled, 'paymentId'>): string | undefined {
  return uuidOf(prefixes.payment, paymentId) ?? uuidOf(prefixes.pay_out, paymentId);
}

/**
 * The states after these events, in their order, one per payment. What is not later in the books than what is known
 * changes nothing, nor does what happened to a payment that is none of ours.
 */
export function foldStates(
  changes: readonly PaymentSettled[],
  known: ReadonlyMap<string, KnownPayment>,
  terms: ReadonlyMap<string, Partial<Terms>>,
): PaymentState[] {
  const states = new Map<string, PaymentState>();
  for (const settled of changes) {
    const paymentUuid = paymentUuidOf(settled);
    const payment = paymentUuid === undefined ? undefined : known.get(paymentUuid);
    if (paymentUuid === undefined || payment === undefined) continue;
    const before = states.get(paymentUuid) ?? payment.state;
    if (before !== null && !isLater(settled, before)) continue;
    const asked = terms.get(toUuid(settled.operationId)) ?? {};
    const after = settled.operationId === settled.paymentId ? first(settled) : next(settled, before, payment);
    states.set(paymentUuid, {
      ...after,
      paymentUuid,
      holdEndsAtMicros: settled.operation === 'authorize' ? holdEndsAt(asked, settled.requestedAt) : null,
    });
  }
  return [...states.values()];
}

function first(settled: PaymentSettled): StoredState {
  const fees = settled.fees.map(toFeeObject);
  return { ...outcomeOf(settled), fees, fx: settled.fx && toFxObject(settled.fx) };
}

function next(settled: PaymentSettled, before: StoredState | null, { firstFees, firstFx }: KnownPayment): StoredState {
  const { fees, fx, sums } = before ?? { fees: firstFees, fx: firstFx, sums: null };
  return {
    ...outcomeOf(settled),
    fees: addFees(fees, settled.fees.map(toFeeObject)),
    fx: settled.operation === 'capture' ? fxAfter(settled, sums?.capturedMinor === 0n ? null : fx) : fx,
  };
}

/** What was priced for a hold is replaced by what its captures take. */
function fxAfter(settled: PaymentSettled, fx: FxObject | null): FxObject | null {
  return addFx(fx, settled.fx && toFxObject(settled.fx));
}

function outcomeOf({ paymentStatus, payment, ledgerNumber, ledgerIndex }: PaymentSettled) {
  return { status: paymentStatus, sums: payment ?? NO_SUMS, ledgerNumber, ledgerIndex };
}

function isLater(a: LedgerPlace, b: LedgerPlace): boolean {
  return a.ledgerNumber > b.ledgerNumber || (a.ledgerNumber === b.ledgerNumber && a.ledgerIndex > b.ledgerIndex);
}
