// Orders corrections: at once what one person may order alone, else when another person agrees.
import type { Transaction } from '@paystream/database';
import { HttpError } from '@paystream/http';
import { fromUuid, operationIdOf, toUuid } from '@paystream/payments';
import type { GatewayContext } from '../context.ts';
import { fingerprintOf } from '../idempotency/fingerprint.ts';
import type { Claim } from '../intake/claim.ts';
import { claimOf } from '../intake/claim.ts';
import type { StoredCorrection } from '../store/read-correction.ts';
import { approveCorrection } from '../store/approve-correction.ts';
import { insertCorrection } from '../store/insert-correction.ts';
import { readCorrection } from '../store/read-correction.ts';
import type { Operator } from './authenticate.ts';
import type { CorrectedOperation } from './corrected-operation.ts';
import { findCorrected } from './corrected-operation.ts';
import { checkLines, isAbove } from './correction-lines.ts';
import type { ApprovalBody, CorrectionBody } from './correction-model.ts';
import { correctionScope, storeOrder, waitForOrder } from './order.ts';
import { newReasonId, recordAction } from './reason.ts';

export interface CorrectionRequest {
  operator: Operator;
  idempotencyKey: string;
  body: CorrectionBody;
  waitMs: number;
  /** Major units, per currency, up to which one person's word is enough. */
  aloneMax: number;
}

/** @throws HttpError for an unknown operation, lines that cannot be, or a key of another correction */
export async function askForCorrection(
  context: GatewayContext,
  { operator, idempotencyKey, body, waitMs, aloneMax }: CorrectionRequest,
): Promise<{ correction: StoredCorrection; replayed: boolean }> {
  const { database } = context;
  const corrected = await findCorrected(database, body.of_operation);
  if (corrected === undefined) throw new HttpError('object_not_found', { param: '/of_operation' });
  const { merchantUuid, environment } = corrected.asker;
  const lines = await checkLines(database, body, environment);
  const id = operationIdOf('correct', correctionScope(corrected.asker, idempotencyKey));
  const reasonId = newReasonId();
  const correction = {
    uuid: toUuid(id),
    ofOperation: body.of_operation,
    ...{ merchantUuid, environment, lines },
    customerUuid: corrected.customerId === null ? null : toUuid(corrected.customerId),
    fingerprint: fingerprintOf('POST', '/v1/corrections', body),
    status: isAbove(lines, aloneMax) ? 'awaiting_approval' : 'ordered',
    operatorUuid: operator.operatorUuid,
    reasonCode: body.reason_code,
    reasonUuid: toUuid(reasonId),
  } as const;
  const taken = await database.transaction(async (transaction) => {
    if (!(await insertCorrection(transaction, correction))) return { isNew: false, accepted: null };
    const action = { reasonId, operator, action: 'correction.ask', objectId: id, reasoned: body };
    await recordAction(transaction, { ...action, result: correction.status });
    if (correction.status !== 'ordered') return { isNew: true, accepted: null };
    return { isNew: true, accepted: await storeCorrection(transaction, context, correction, corrected, null) };
  });
  if (taken.accepted !== null) context.outlet.push([taken.accepted]);
  const known = await ownCorrection(context, correction.uuid);
  if (!known.fingerprint.equals(correction.fingerprint)) throw new HttpError('idempotency_key_reused');
  return { correction: await whenFinal(context, known, waitMs), replayed: !taken.isNew };
}

export interface ApprovalRequest {
  operator: Operator;
  id: string;
  body: ApprovalBody;
  waitMs: number;
}

/** @throws HttpError when it waits for nobody, or when the one who asked for it would agree with themselves */
export async function approve(
  context: GatewayContext,
  { operator, id, body, waitMs }: ApprovalRequest,
): Promise<StoredCorrection> {
  const asked = await ownCorrection(context, toUuid(id));
  if (asked.operatorUuid === operator.operatorUuid) throw new HttpError('approver_is_author');
  const corrected = await findCorrected(context.database, asked.ofOperation);
  if (corrected === undefined) throw new HttpError('object_not_found');
  const accepted = await context.database.transaction(async (transaction) => {
    if (!(await approveCorrection(transaction, asked.uuid, operator.operatorUuid))) return null;
    const reasonId = newReasonId();
    const action = { reasonId, operator, action: 'correction.approve', objectId: id, reasoned: body };
    await recordAction(transaction, { ...action, result: 'ordered' });
    return storeCorrection(transaction, context, asked, corrected, operator);
  });
  if (accepted !== null) context.outlet.push([accepted]);
  const known = await ownCorrection(context, asked.uuid);
  // Whoever agreed may ask again how it went.
  if (known.approverUuid !== operator.operatorUuid) throw new HttpError('correction_not_awaiting');
  return whenFinal(context, known, waitMs);
}

/** @throws HttpError `object_not_found` */
export async function ownCorrection(
  { database }: Pick<GatewayContext, 'database'>,
  uuid: string,
): Promise<StoredCorrection> {
  const correction = await readCorrection(database, uuid);
  if (correction === undefined) throw new HttpError('object_not_found');
  return correction;
}

async function whenFinal(context: GatewayContext, known: StoredCorrection, waitMs: number): Promise<StoredCorrection> {
  if (known.status === 'awaiting_approval') return known;
  await waitForOrder(context, known.uuid, waitMs);
  return ownCorrection(context, known.uuid);
}

type Ordered = Pick<
  StoredCorrection,
  'uuid' | 'ofOperation' | 'lines' | 'fingerprint' | 'operatorUuid' | 'reasonCode' | 'reasonUuid'
>;

/** Stores its operation, keyed as the one it corrects; gives what is to be published. */
async function storeCorrection(
  transaction: Transaction,
  context: GatewayContext,
  ordered: Ordered,
  corrected: CorrectedOperation,
  approver: Operator | null,
) {
  const { ofOperation, lines, fingerprint, operatorUuid, reasonCode, reasonUuid } = ordered;
  const claim: Claim = {
    ...claimOf({
      id: fromUuid('cor', ordered.uuid),
      operation: 'correct',
      asker: corrected.asker,
      body: { of_operation: ofOperation },
      fingerprint,
    }),
    paymentId: corrected.paymentId,
    customerId: corrected.customerId,
    terms: {
      correction: { ofOperationId: ofOperation, lines: [...lines] },
      operator: {
        operatorId: fromUuid('op', operatorUuid),
        approverId: approver === null ? null : approver.operatorId,
        reasonCode,
        reasonId: fromUuid('rsn', reasonUuid),
      },
    },
  };
  const requestedAtMicros = await storeOrder(transaction, context, claim, async () => {});
  if (requestedAtMicros === null) throw new Error(`${claim.id} was stored before it was ordered`);
  return { ...claim, requestedAtMicros };
}
