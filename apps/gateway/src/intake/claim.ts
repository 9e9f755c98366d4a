// Says what is asked of the intake, and what may come of it.
import type { HttpError } from '@paystream/http';
import type { StoredOperation } from '../store/stored-operation.ts';

/** A checked request for an operation on money; its id follows from the idempotency key. */
export interface Claim {
  /** pay_… or tu_… */
  id: string;
  uuid: string;
  operation: 'pay' | 'top_up';
  merchantId: string;
  merchantUuid: string;
  merchantVersion: bigint;
  environment: string;
  customerId: string;
  customerUuid: string;
  amountMinor: bigint;
  currency: string;
  fingerprint: Buffer;
  /** Canonical JSON of description and metadata as sent; null when neither was. */
  details: string | null;
  traceparent: string | null;
}

export type ClaimOutcome =
  /** Committed: from here on the operation will be settled. */
  | { kind: 'accepted'; requestedAtMicros: bigint }
  /** The key was used before, by an equal request or another. */
  | { kind: 'known'; stored: StoredOperation }
  /** Nothing was written, or (`acceptance_unknown`) nobody knows. */
  | { kind: 'refused'; error: HttpError };
