// The routes that ask for one operation and show it again, alike for payments and top-ups.
import type { Answer, AnswerDescription, HttpRequest, Route } from '@paystream/http';
import { defineRoute, HttpError, waitSecondsOf } from '@paystream/http';
import type { TSchema } from 'typebox';
import type { Caller } from '../access/authenticate.ts';
import type { GatewayContext } from '../context.ts';
import { requiredKey } from '../idempotency/idempotency-key.ts';
import { uuidOf } from '../operation-id.ts';
import { readOwnOperation } from '../store/read-own-operation.ts';
import { traceparentOf } from '../traceparent.ts';
import type { AcceptedAnswer } from './accept.ts';
import { PAYMENT_FIELD_CODES, PaymentBody } from './model.ts';
import { showOperation } from './show.ts';
import { toClaim } from './to-claim.ts';

const MILLISECONDS_PER_SECOND = 1_000;

export interface OperationEndpoint {
  operation: 'pay' | 'top_up';
  /** `/v1/payments` */
  path: string;
  prefix: 'pay' | 'tu';
  /** `payment`, as it reads in a summary. */
  noun: string;
  schema: TSchema;
  /** Throws when this caller may not ask. */
  check(caller: Caller): void;
}

export const OPERATION_HEADERS = {
  'idempotency-key': {
    description: '1 to 255 visible characters; the same key is the same operation for ever',
    required: true,
  },
  prefer: { description: '`wait=N`: seconds to wait for the final outcome, 0 to 30, 5 when not said', required: false },
  traceparent: { description: 'W3C Trace Context, handed on to the events', required: false },
} as const;

/** POST of an operation. */
export function askRoute(context: GatewayContext, endpoint: OperationEndpoint): Route<Caller> {
  const { operation, path, noun, schema } = endpoint;
  return defineRoute({
    method: 'POST',
    path,
    summary: `Ask for a ${noun}`,
    access: { scope: 'payments:write' },
    headers: OPERATION_HEADERS,
    body: PaymentBody,
    fieldCodes: PAYMENT_FIELD_CODES,
    answers: { 201: finalAnswer(noun, schema), 202: acceptedAnswer(noun, schema) },
    handle: (request: HttpRequest<Caller, PaymentBody>) => {
      endpoint.check(request.principal);
      const claim = toClaim({
        operation,
        caller: request.principal,
        idempotencyKey: requiredKey(request.header('idempotency-key')),
        body: request.body,
        traceparent: traceparentOf(request.header('traceparent')),
      });
      const waitMs = waitSecondsOf(request.header('prefer')) * MILLISECONDS_PER_SECOND;
      return new Promise<Answer>((resolve, reject) => {
        context.acceptance.accept(claim, {
          waitMs,
          reply: (answer) => {
            if (answer instanceof HttpError) reject(answer);
            else resolve(toAnswer(answer, path));
          },
        });
      });
    },
  });
}

/** GET of one. */
export function showRoute({ database, vault }: GatewayContext, endpoint: OperationEndpoint): Route<Caller> {
  const { operation, path, prefix, noun, schema } = endpoint;
  return defineRoute({
    method: 'GET',
    path: `${path}/:id`,
    summary: `One ${noun}, as it is now`,
    access: { scope: null },
    answers: { 200: { description: `The ${noun}`, schema } },
    handle: async ({ params, principal }: HttpRequest<Caller>) => {
      const uuid = uuidOf(prefix, params['id'] ?? '');
      if (uuid === undefined) throw new HttpError('object_not_found');
      const { merchantUuid, environment } = principal;
      const stored = await readOwnOperation(database, { uuid, operations: [operation], merchantUuid, environment });
      if (stored === undefined) throw new HttpError('object_not_found');
      return { status: 200, json: showOperation(stored, vault) };
    },
  });
}

function toAnswer({ status, id, json, replayed }: AcceptedAnswer, path: string): Answer {
  const headers: Record<string, string> = { location: `${path}/${id}` };
  if (replayed) headers['idempotent-replayed'] = 'true';
  return { status, json, headers };
}

function finalAnswer(noun: string, schema: TSchema): AnswerDescription {
  return { description: `The ${noun} is final, succeeded or failed`, schema, headers: ANSWER_HEADERS };
}

function acceptedAnswer(noun: string, schema: TSchema): AnswerDescription {
  return { description: `The ${noun} is accepted and will become final`, schema, headers: ANSWER_HEADERS };
}

const ANSWER_HEADERS = {
  location: 'Where it can be read again',
  'idempotent-replayed': '`true` when the key was used before by an equal request',
} as const;
