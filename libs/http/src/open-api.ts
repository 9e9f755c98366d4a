// Turns routes into what @fastify/swagger makes the OpenAPI document of: every route, closed shapes, one error object.
import { Type } from 'typebox';
import type { TSchema } from 'typebox';
import type { AnswerDescription, Route } from './route.ts';

/** Of an object with no other fields than those named. */
export const CLOSED = { additionalProperties: false } as const;

/** The error object as a schema. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    instance: nullable(Type.String()),
    code: Type.String(),
    category: Type.String(),
    param: nullable(Type.String()),
    retryable: Type.Boolean(),
    retry_after_ms: nullable(Type.Integer()),
    doc_url: Type.String(),
    payment_id: nullable(Type.String()),
  },
  CLOSED,
);

/** A value or null, as JSON Schema says it. */
export function nullable<S extends TSchema>(schema: S) {
  return Type.Union([schema, Type.Null()]);
}

export interface DocumentInfo {
  title: string;
  version: string;
  description: string;
}

/** Settings of @fastify/swagger. */
export function documentSettings(info: DocumentInfo): object {
  return {
    openapi: {
      openapi: '3.1.0',
      info,
      components: {
        securitySchemes: { key: { type: 'http', scheme: 'bearer', bearerFormat: 'sk_test_… or sk_live_…' } },
      },
    },
  };
}

/** What Fastify keeps as a route's schema; only the document reads it, requests are checked by our own code. */
export function routeSchema<P>(route: Route<P>): object {
  const parameters = [...route.path.matchAll(/:(?<name>\w+)/g)].map((match) => match.groups?.['name'] ?? '');
  return {
    summary: route.summary,
    security: route.access === 'public' ? [] : [{ key: [] }],
    ...(parameters.length === 0 ? {} : { params: parametersSchema(parameters) }),
    ...(route.query === null ? {} : { querystring: route.query }),
    ...(route.headers === undefined ? {} : { headers: headersSchema(route.headers) }),
    ...(route.body === null ? {} : { body: route.body }),
    ...(route.bodyKind === 'lines' ? { consumes: ['application/x-ndjson'] } : {}),
    response: { ...responses(route.answers), default: response(problemDescription) },
  };
}

const problemDescription: AnswerDescription = {
  description: 'Refused, with the error object',
  schema: ProblemSchema,
  contentType: 'application/problem+json',
};

function parametersSchema(names: readonly string[]): object {
  const properties = Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
  return { type: 'object', properties, required: names };
}

function headersSchema(headers: NonNullable<Route<unknown>['headers']>): object {
  const entries = Object.entries(headers);
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, { description }]) => [name, { type: 'string', description }])),
    required: entries.filter(([, { required }]) => required).map(([name]) => name),
  };
}

function responses(answers: Route<unknown>['answers']): object {
  return Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, response(answer)]));
}

function response({ description, schema, contentType = 'application/json', headers = {} }: AnswerDescription): object {
  const described = Object.entries(headers).map(
    ([name, meaning]) => [name, { type: 'string', description: meaning }] as const,
  );
  return {
    description,
    content: { [contentType]: { schema } },
    ...(described.length === 0 ? {} : { headers: Object.fromEntries(described) }),
  };
}
