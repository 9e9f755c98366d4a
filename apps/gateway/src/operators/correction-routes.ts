// The routes of corrections: ask for one, agree to one, look at one.
import type { Answer, HttpRequest, Route } from '@paystream/http';
import { defineRoute, HttpError, waitMsOf } from '@paystream/http';
import { toUuid } from '@paystream/payments';
import type { GatewayContext } from '../context.ts';
import { requiredKey } from '../idempotency/idempotency-key.ts';
import { uuidOf } from '../operation-id.ts';
import { OPERATION_HEADERS } from '../payments/operation-routes.ts';
import type { StoredCorrection } from '../store/read-correction.ts';
import type { Operator } from './authenticate.ts';
import { ApprovalBody, CorrectionBody, CorrectionObject, showCorrection } from './correction-model.ts';
import { approve, askForCorrection, ownCorrection } from './corrections.ts';
import { checkReason } from './reason.ts';

const ANSWERS = {
  201: { description: 'The correction is final, succeeded or failed', schema: CorrectionObject },
  202: { description: 'It waits for another person, or for the ledger', schema: CorrectionObject },
} as const;

export function correctionRoutes(context: GatewayContext, aloneMax: number): Route<Operator>[] {
  return [askRoute(context, aloneMax), approveRoute(context), showRoute(context)];
}

function askRoute(context: GatewayContext, aloneMax: number): Route<Operator> {
  return defineRoute({
    method: 'POST',
    path: '/v1/corrections',
    summary: 'Correct an operation by a new transaction; above a limit when another person agrees',
    access: { scope: null },
    headers: OPERATION_HEADERS,
    body: CorrectionBody,
    answers: ANSWERS,
    handle: async (request: HttpRequest<Operator, CorrectionBody>) => {
      const { principal: operator, body } = request;
      const idempotencyKey = requiredKey(request.header('idempotency-key'));
      checkReason(body);
      const waitMs = waitMsOf(request.header('prefer'));
      const asked = await askForCorrection(context, { operator, idempotencyKey, body, waitMs, aloneMax });
      return toAnswer(asked.correction, asked.replayed);
    },
  });
}

function approveRoute(context: GatewayContext): Route<Operator> {
  return defineRoute({
    method: 'POST',
    path: '/v1/corrections/:id/approve',
    summary: 'Agree to a correction that another person asked for',
    access: { scope: null },
    headers: { prefer: OPERATION_HEADERS.prefer },
    body: ApprovalBody,
    answers: ANSWERS,
    handle: async (request: HttpRequest<Operator, ApprovalBody>) => {
      const { principal: operator, body } = request;
      checkReason(body);
      const waitMs = waitMsOf(request.header('prefer'));
      return toAnswer(await approve(context, { operator, id: idOf(request), body, waitMs }), false);
    },
  });
}

function showRoute(context: GatewayContext): Route<Operator> {
  return defineRoute({
    method: 'GET',
    path: '/v1/corrections/:id',
    summary: 'One correction, as it is now',
    access: { scope: null },
    answers: { 200: { description: 'The correction', schema: CorrectionObject } },
    handle: async (request: HttpRequest<Operator>) => {
      const correction = await ownCorrection(context, toUuid(idOf(request)));
      return { status: 200, value: showCorrection(correction) };
    },
  });
}

function idOf({ params }: HttpRequest<Operator>): string {
  const id = params['id'] ?? '';
  if (uuidOf('cor', id) === undefined) throw new HttpError('object_not_found');
  return id;
}

function toAnswer(correction: StoredCorrection, replayed: boolean): Answer {
  const value = showCorrection(correction);
  return {
    status: correction.outcome === null ? 202 : 201,
    value,
    ...(replayed ? { headers: { 'idempotent-replayed': 'true' } } : {}),
  };
}
