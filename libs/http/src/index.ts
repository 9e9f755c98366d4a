// The only room that knows Fastify: a server from routes, one error object, and JSON that keeps every minor unit.
export type { Check, FieldCodes } from './check.ts';
export { compileCheck } from './check.ts';
export type { ErrorCategory, ErrorCode, ErrorDetails, Problem } from './errors.ts';
export { errors, HttpError, problemOf } from './errors.ts';
export type { ParsedJson } from './json.ts';
export { parseJson, toJson } from './json.ts';
export type { Line, LinesLimits } from './lines.ts';
export { readLines } from './lines.ts';
export type { DocumentInfo } from './open-api.ts';
export { CLOSED, nullable, ProblemSchema } from './open-api.ts';
export { WAIT_SECONDS_DEFAULT, WAIT_SECONDS_MAX, waitMsOf } from './prefer.ts';
export type { Answer, AnswerDescription, HttpRequest, Principal, Route } from './route.ts';
export { defineRoute, defineStreamedRoute } from './route.ts';
export type { HttpServer, HttpServerOptions } from './server.ts';
export { BODY_BYTES_MAX, createHttpServer } from './server.ts';
