// Says what a dispute and evidence against it look like on HTTP.
import { CLOSED, nullable } from '@paystream/http';
import { fromUuid } from '@paystream/payments';
import type { Vault } from '@paystream/personal-data';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { isoMicros } from '../iso-micros.ts';
import type { StoredDispute } from '../store/stored-dispute.ts';
import type { StoredEvidence } from '../store/read-evidence.ts';

const EVIDENCE_LENGTH_MAX = 20_000;

export const EvidenceBody = Type.Object(
  { text: Type.String({ minLength: 1, maxLength: EVIDENCE_LENGTH_MAX, description: 'Kept sealed' }) },
  CLOSED,
);
export type EvidenceBody = Static<typeof EvidenceBody>;

export const DisputeObject = Type.Object(
  {
    id: Type.String(),
    object: Type.Literal('dispute'),
    payment: Type.String(),
    status: Type.String({ description: 'needs_response, under_review, won, lost or manual_review' }),
    amount: nullable(Type.Integer()),
    fee: nullable(Type.Integer()),
    currency: nullable(Type.String()),
    network_reason_code: nullable(Type.String()),
    due_by: nullable(Type.String({ format: 'date-time', description: 'Until then evidence is taken' })),
    evidence: Type.Array(
      Type.Object(
        {
          text: nullable(Type.String({ description: 'Null once the customer was erased' })),
          submitted_at: Type.String({ format: 'date-time' }),
        },
        CLOSED,
      ),
    ),
    created_at: Type.String({ format: 'date-time' }),
    updated_at: Type.String({ format: 'date-time' }),
  },
  CLOSED,
);

/** `evidence` may be that of other disputes too. */
export function showDispute(dispute: StoredDispute, evidence: readonly StoredEvidence[], vault: Vault): object {
  const { dueByMicros } = dispute;
  return {
    id: fromUuid('dp', dispute.uuid),
    object: 'dispute',
    payment: dispute.paymentId,
    status: dispute.status,
    amount: dispute.amountMinor,
    fee: dispute.feeMinor,
    currency: dispute.currency,
    network_reason_code: dispute.networkReasonCode,
    due_by: dueByMicros === null ? null : isoMicros(dueByMicros),
    evidence: evidence
      .filter(({ disputeUuid }) => disputeUuid === dispute.uuid)
      .map(({ textSealed, keySealed, createdAtMicros }) => ({
        text: keySealed === null ? null : vault.open(keySealed, textSealed),
        submitted_at: isoMicros(createdAtMicros),
      })),
    created_at: isoMicros(dispute.openedAtMicros),
    updated_at: isoMicros(dispute.updatedAtMicros),
  };
}
