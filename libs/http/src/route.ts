// Says what a route is: where it answers, who may ask, which shapes go in and out, and the function that answers.
import type { Readable } from 'node:stream';
import type { Static, TSchema } from 'typebox';
import type { FieldCodes } from './check.ts';
import { compileCheck } from './check.ts';
import { HttpError } from './errors.ts';

/** Who asks; what an app's `authenticate` returns has at least this. */
export interface Principal {
  /** Names the key in counts; not the key itself. */
  keyId: string;
  scopes: ReadonlySet<string>;
}

/** One request, parsed. Header names are lower-case. */
export interface HttpRequest<P, Body = unknown, Query = unknown> {
  id: string;
  /** Who asks; on a public route there is nobody to read. */
  principal: P;
  params: Readonly<Record<string, string>>;
  query: Query;
  header(name: string): string | undefined;
  body: Body;
  /** False when a number in the body has a fraction or an exponent, even one that changes nothing. */
  numbersPlain: boolean;
}

interface AnswerHead {
  status: number;
  headers?: Readonly<Record<string, string>>;
}

/** What goes back: JSON text made already, a value to be made JSON, or anything else with its type. */
export type Answer =
  | (AnswerHead & { json: string })
  | (AnswerHead & { value: object })
  | (AnswerHead & { content: string | Readable; contentType: string });

/** An answer as the OpenAPI document describes it. */
export interface AnswerDescription {
  description: string;
  schema: TSchema;
  /** `application/json` unless said otherwise. */
  contentType?: string;
  /** Headers of interest, by name, each with its meaning. */
  headers?: Readonly<Record<string, string>>;
}

/** Headers of a request as the document describes them. */
export interface HeaderDescription {
  description: string;
  required: boolean;
}

interface RouteFacts {
  method: 'GET' | 'POST' | 'PUT';
  /** With `:name` for parameters. */
  path: string;
  summary: string;
  /** The scope a key needs; null: any key; `public`: none at all. */
  access: { scope: string | null } | 'public';
  headers?: Readonly<Record<string, HeaderDescription>>;
  answers: Readonly<Record<number, AnswerDescription>>;
}

interface TypedRoute<P, Body extends TSchema, Query extends TSchema> extends RouteFacts {
  body?: Body;
  query?: Query;
  /** Codes of fields whose refused values have one of their own, by pointer. */
  fieldCodes?: FieldCodes;
  handle(request: HttpRequest<P, Static<Body>, Static<Query>>): Answer | Promise<Answer>;
}

/** A route whose body is a stream of lines, read by the handler itself. */
export interface StreamedRoute<P> extends RouteFacts {
  /** Schema of one line, for the document. */
  line: TSchema;
  handle(request: HttpRequest<P, Readable>): Answer | Promise<Answer>;
}

/** A route as the server takes it: what it checks is inside `handle`. */
export interface Route<P> extends RouteFacts {
  body: TSchema | null;
  query: TSchema | null;
  bodyKind: 'none' | 'json' | 'lines';
  handle(request: HttpRequest<P>): Answer | Promise<Answer>;
}

/** A route that takes at most one JSON value and a query; both are checked before the handler sees them. */
export function defineRoute<P, Body extends TSchema, Query extends TSchema>(
  route: TypedRoute<P, Body, Query>,
): Route<P> {
  const { body, query, fieldCodes, handle } = route;
  const checkBody = body && compileCheck(body, fieldCodes);
  const checkQuery = query && compileCheck(query);
  return {
    ...route,
    body: body ?? null,
    query: query ?? null,
    bodyKind: body === undefined ? 'none' : 'json',
    handle: (request) => {
      if (checkQuery) throwFault(checkQuery(request.query));
      if (checkBody) {
        if (request.body === undefined) throw new HttpError('json_invalid', { detail: 'The body is empty.' });
        throwFault(checkBody(request.body, request.numbersPlain));
      }
      // The two checks above have established the types.
      return handle(request as HttpRequest<P, Static<Body>, Static<Query>>);
    },
  };
}

/** A route that takes newline-delimited JSON. */
export function defineStreamedRoute<P>(route: StreamedRoute<P>): Route<P> {
  return {
    ...route,
    body: route.line,
    query: null,
    bodyKind: 'lines',
    // The server hands a stream to a route of this kind, or refuses with 415.
    handle: (request) => route.handle(request as HttpRequest<P, Readable>),
  };
}

function throwFault(fault: HttpError | undefined): void {
  if (fault !== undefined) throw fault;
}
