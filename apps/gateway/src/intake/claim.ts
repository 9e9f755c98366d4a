// Says what is asked of the intake, and what may come of it.
import type { HttpError } from '@paystream/http';
import type { Environment, Operation } from '@paystream/payments';
import { toUuid } from '@paystream/payments';
import type { Terms } from '@paystream/topics';
import type { StoredOperation } from '../store/stored-operation.ts';
import type { Gate } from './gate.ts';

/** In whose name something is asked, and by which version of the merchant's settings it is judged. */
export interface Asker {
  merchantId: string;
  merchantUuid: string;
  merchantVersion: bigint;
  environment: Environment;
}

/** A checked request for an operation on money. Its id follows from the idempotency key, or from what it is about. */
export interface Claim extends Asker {
  /** pay_…, re_…, … */
  id: string;
  uuid: string;
  operation: Operation;
  /** The payment it belongs to; its own id when it is the first. */
  paymentId: string;
  /** Payer, or receiver of a top-up; has to be the merchant's own. */
  customerId: string | null;
  /** Customers who get money from it, likewise; in the order of the body. */
  payees: readonly string[];
  amountMinor: bigint | null;
  currency: string | null;
  /** Those it has; the others are null on the record. */
  terms: Partial<Terms>;
  /** As sent: a later request with the same key is compared with it. */
  body: object;
  fingerprint: Buffer;
  /** Canonical JSON of description and metadata as sent; null when neither was. */
  details: string | null;
  traceparent: string | null;
  /** What must be so for it to be stored; null: nothing beside its customers. */
  gate: Gate | null;
  /** When its gate judged it, and so when it was asked for; null: when it is stored. Microseconds since the epoch. */
  judgedAtMicros: bigint | null;
}

export interface ClaimNames {
  id: string;
  operation: Operation;
  asker: Asker;
  body: object;
  fingerprint: Buffer;
}

/** A claim that has nothing but its names yet: no customer, no amount, no terms, and a payment of its own. */
export function claimOf({ id, operation, asker, body, fingerprint }: ClaimNames): Claim {
  const { merchantId, merchantUuid, merchantVersion, environment } = asker;
  return {
    ...{ id, operation, body, fingerprint, merchantId, merchantUuid, merchantVersion, environment },
    uuid: toUuid(id),
    paymentId: id,
    customerId: null,
    payees: [],
    amountMinor: null,
    currency: null,
    terms: {},
    details: null,
    traceparent: null,
    gate: null,
    judgedAtMicros: null,
  };
}

export type ClaimOutcome =
  /** Committed: from here on the operation will be settled. */
  | { kind: 'accepted'; claim: Claim; requestedAtMicros: bigint }
  /** The key was used before, by an equal request or another. */
  | { kind: 'known'; stored: StoredOperation }
  /** Nothing was written, or (`acceptance_unknown`) nobody knows. */
  | { kind: 'refused'; error: HttpError };
