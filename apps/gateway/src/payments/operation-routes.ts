// Makes the routes that ask for one operation and show it again, alike for everything a merchant does with money.
import type { Answer, AnswerDescription, FieldCodes, HttpRequest, Route } from '@paystream/http';
import { defineRoute, HttpError, waitMsOf } from '@paystream/http';
import type { Operation, Prefix } from '@paystream/payments';
import type { Static, TSchema } from 'typebox';
import type { Caller } from '../access/authenticate.ts';
import type { GatewayContext } from '../context.ts';
import { requiredKey } from '../idempotency/idempotency-key.ts';
import type { Claim } from '../intake/claim.ts';
import { uuidOf } from '../operation-id.ts';
import { readOwnOperation } from '../store/read-own-operation.ts';
import { traceparentOf } from '../traceparent.ts';
import type { AcceptedAnswer } from './accept.ts';
import { showOperation } from './show.ts';

/** What a caller sent, its shape checked. */
export interface Asked<Body> {
  caller: Caller;
  idempotencyKey: string;
  body: Body;
  traceparent: string | null;
  params: Readonly<Record<string, string>>;
}

export interface AskEndpoint<Body extends TSchema> {
  path: string;
  /** `payment`, as it reads in a summary. */
  noun: string;
  scope: 'payments:write' | 'refunds:write';
  body: Body;
  fieldCodes: FieldCodes;
  schema: TSchema;
  /** Throws HttpError for what is refused before anything is written. */
  toClaim(asked: Asked<Static<Body>>): Claim;
  /** Where it can be read again. */
  locationOf(claim: Claim): string;
  /** How a body that says so is answered 200 without being asked for; it needs no key. */
  tryOut?: {
    answer: AnswerDescription;
    /** Null when the body does not say so. */
    run(asked: Pick<Asked<Static<Body>>, 'caller' | 'body'>): Promise<object> | null;
  };
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
export function askRoute<Body extends TSchema>(context: GatewayContext, endpoint: AskEndpoint<Body>): Route<Caller> {
  const { path, noun, scope, body, fieldCodes, schema, tryOut } = endpoint;
  return defineRoute({
    method: 'POST',
    path,
    summary: `Ask for a ${noun}`,
    access: { scope },
    headers: OPERATION_HEADERS,
    ...{ body, fieldCodes },
    answers: {
      ...(tryOut === undefined ? {} : { 200: tryOut.answer }),
      ...{ 201: finalAnswer(noun, schema), 202: acceptedAnswer(noun, schema) },
    },
    handle: (request: HttpRequest<Caller, Static<Body>>) => {
      const tried = tryOut?.run({ caller: request.principal, body: request.body }) ?? null;
      if (tried !== null) return tried.then((value) => ({ status: 200, value }));
      const claim = endpoint.toClaim({
        caller: request.principal,
        idempotencyKey: requiredKey(request.header('idempotency-key')),
        body: request.body,
        traceparent: traceparentOf(request.header('traceparent')),
        params: request.params,
      });
      const waitMs = waitMsOf(request.header('prefer'));
      return new Promise<Answer>((resolve, reject) => {
        context.acceptance.accept(claim, {
          waitMs,
          reply: (answer) => {
            if (answer instanceof HttpError) reject(answer);
            else resolve(toAnswer(answer, endpoint.locationOf(claim)));
          },
        });
      });
    },
  });
}

export interface ShowEndpoint {
  /** `/v1/payments` */
  path: string;
  prefix: Prefix;
  operations: readonly Operation[];
  noun: string;
  schema: TSchema;
}

/** GET of one. */
export function showRoute({ database, vault }: GatewayContext, endpoint: ShowEndpoint): Route<Caller> {
  const { operations, path, prefix, noun, schema } = endpoint;
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
      const stored = await readOwnOperation(database, { uuid, operations, merchantUuid, environment });
      if (stored === undefined) throw new HttpError('object_not_found');
      return { status: 200, json: showOperation(stored, vault) };
    },
  });
}

function toAnswer({ status, json, replayed }: AcceptedAnswer, location: string): Answer {
  return { status, json, headers: replayed ? { location, 'idempotent-replayed': 'true' } : { location } };
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
