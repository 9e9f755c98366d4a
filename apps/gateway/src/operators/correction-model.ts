// Says what a correction looks like to operators.
import { CLOSED, nullable } from '@paystream/http';
import { HTTP_AMOUNT_MAX } from '@paystream/money';
import { fromUuid } from '@paystream/payments';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { isoMicros } from '../iso-micros.ts';
import type { StoredCorrection } from '../store/read-correction.ts';
import { REASON_FIELDS } from './reason.ts';

const LINES_MAX = 100;
const ACCOUNT_LENGTH_MAX = 128;

const ACCOUNT = Type.String({
  maxLength: ACCOUNT_LENGTH_MAX,
  description: 'An account; one of the house without its partition, as test:fee_income:USD',
});

const Line = Type.Object(
  {
    debit: ACCOUNT,
    credit: ACCOUNT,
    currency: Type.String({ maxLength: 3 }),
    amount: Type.Integer({ minimum: 1, maximum: Number(HTTP_AMOUNT_MAX), description: 'Minor units' }),
  },
  CLOSED,
);

export const CorrectionBody = Type.Object(
  {
    of_operation: Type.String({ maxLength: 64, description: 'The operation corrected' }),
    lines: Type.Array(Line, { minItems: 1, maxItems: LINES_MAX }),
    ...REASON_FIELDS,
  },
  CLOSED,
);
export type CorrectionBody = Static<typeof CorrectionBody>;

export const ApprovalBody = Type.Object(REASON_FIELDS, CLOSED);
export type ApprovalBody = Static<typeof ApprovalBody>;

export const CorrectionObject = Type.Object(
  {
    id: Type.String(),
    object: Type.Literal('correction'),
    status: Type.String({ description: 'awaiting_approval, requested, succeeded or failed' }),
    failure_code: nullable(Type.String()),
    of_operation: Type.String(),
    lines: Type.Array(Line),
    operator: Type.String(),
    approver: nullable(Type.String()),
    reason_code: Type.String(),
    reason: Type.String(),
    created_at: Type.String({ format: 'date-time' }),
    settled_at: nullable(Type.String({ format: 'date-time' })),
  },
  CLOSED,
);

export function showCorrection(correction: StoredCorrection): object {
  const { status, outcome, approverUuid, settledAtMicros } = correction;
  return {
    id: fromUuid('cor', correction.uuid),
    object: 'correction',
    status: outcome ?? (status === 'ordered' ? 'requested' : status),
    failure_code: correction.failureCode,
    of_operation: correction.ofOperation,
    lines: correction.lines.map((line) => ({
      debit: line.debitAccountId,
      credit: line.creditAccountId,
      currency: line.currency,
      amount: line.amountMinor,
    })),
    operator: fromUuid('op', correction.operatorUuid),
    approver: approverUuid === null ? null : fromUuid('op', approverUuid),
    reason_code: correction.reasonCode,
    reason: correction.reason,
    created_at: isoMicros(correction.createdAtMicros),
    settled_at: settledAtMicros === null ? null : isoMicros(settledAtMicros),
  };
}
