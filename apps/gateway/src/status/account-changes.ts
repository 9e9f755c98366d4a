// Says what rows about accounts are made of: a settled operation, or a pay-out that has left and is on its way.
import type { AccountState, FeeLine, FxConversion, PaymentProgressed, PaymentSettled } from '@paystream/topics';
import type { LedgerPlace } from '../store/payment-state.ts';

/** The status of a pay-out between its leaving and its end. */
export const IN_TRANSIT = 'in_transit';

export interface AccountChanges extends LedgerPlace {
  operationId: string;
  operation: string;
  paymentId: string;
  environment: string;
  customerId: string | null;
  amountMinor: bigint | null;
  /** succeeded | failed | manual_review | in_transit */
  status: string;
  methodType: string | null;
  /** Of one that is on its way they are not told. */
  fees: readonly FeeLine[];
  fx: FxConversion | null;
  balances: readonly AccountState[];
  /** Microseconds since the epoch. */
  atMicros: bigint;
}

export function ofSettled(settled: PaymentSettled): AccountChanges {
  return { ...settled, methodType: settled.method?.type ?? null, atMicros: settled.settledAt };
}

/** Undefined for what says nothing of accounts. */
export function ofProgressed(progressed: PaymentProgressed): AccountChanges | undefined {
  const { status, balances, ledgerNumber, ledgerIndex, occurredAt } = progressed;
  if (status !== IN_TRANSIT || balances === null || ledgerNumber === null || ledgerIndex === null) return undefined;
  const place = { ledgerNumber, ledgerIndex, atMicros: occurredAt };
  return { ...progressed, ...place, balances, methodType: null, fees: [], fx: null };
}
