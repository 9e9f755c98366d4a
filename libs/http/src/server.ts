// Owns the HTTP server: who may come in, how much of a body is read, and how answers and refusals are written.
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import swagger from '@fastify/swagger';
import type { Logger, Metrics } from '@paystream/telemetry';
import Fastify from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { addBodyParsers } from './body-parsers.ts';
import { limitBodyTime, limitIdleTime } from './body-time.ts';
import { HttpError } from './errors.ts';
import { createGate } from './gate.ts';
import { toJson } from './json.ts';
import { methodsAt } from './methods.ts';
import type { DocumentInfo } from './open-api.ts';
import { documentSettings, routeSchema } from './open-api.ts';
import { refusalOf, writeRefusal, writeSocketRefusal } from './refusal.ts';
import { createRequestIds } from './request-id.ts';
import type { Answer, HttpRequest, Principal, Route } from './route.ts';
import { Type } from 'typebox';

/** A single body; a stream of lines has limits of its own. */
export const BODY_BYTES_MAX = 65_536;
/** A client that sends slower than this holds a connection for nothing. */
const HEADERS_TIMEOUT_MS = 5_000;
const BODY_TIME_MS_MAX = 30_000;
/** Longer than any wait for an outcome a client may ask for: it may read a result before it sends the next line. */
const LINES_IDLE_MS_MAX = 60_000;
/** Node's own limit would count the time in which we ourselves do not read; see body-time.ts. */
const NO_REQUEST_TIMEOUT = 0;
const TIMEOUT_CHECK_INTERVAL_MS = 1_000;
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
const CONNECTIONS_MAX = 10_000;

export interface HttpServerOptions<P extends Principal> {
  routes: readonly Route<P>[];
  document: DocumentInfo;
  /** Who a bearer key belongs to. Throws HttpError `api_key_invalid` when nobody's. */
  authenticate(key: string): P | Promise<P>;
  /** What an error of another room means to the caller; undefined: a fault of ours, answered 500 and logged. */
  translateError?(error: unknown): ReturnType<typeof refusalOf> | undefined;
  /** Requests of one key under way at once; beyond, 429. */
  requestsPerKeyMax: number;
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** Certificate pair; without it the server speaks plain HTTP. */
  tls?: { certFile: string; keyFile: string };
  /** BODY_TIME_MS_MAX unless said otherwise. */
  bodyTimeMsMax?: number;
  /** LINES_IDLE_MS_MAX unless said otherwise. */
  linesIdleMsMax?: number;
  logger: Logger;
  metrics: Metrics;
}

export interface HttpServer {
  /** Listens, and gives the URL clients reach it at. */
  listen(): Promise<string>;
  /** Answers a request without a socket; for tests. */
  inject: FastifyInstance['inject'];
  /** The OpenAPI document. */
  document(): object;
  /** Takes no new connections, answers what is under way, then resolves. */
  close(): Promise<void>;
}

/** A server with these routes, `/openapi.json` among them; it does not listen yet. */
export async function createHttpServer<P extends Principal>(options: HttpServerOptions<P>): Promise<HttpServer> {
  const { bodyTimeMsMax = BODY_TIME_MS_MAX } = options;
  const app = await createApp(options);
  const gate = createGate(options);
  app.decorateRequest('principal', null);
  app.addHook('onRequest', (request, reply, done) => {
    limitBodyTime(request, reply, bodyTimeMsMax);
    done();
  });
  app.addHook('onRequest', gate.onRequest);
  addBodyParsers(app, BODY_BYTES_MAX);
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => toJson);
  app.setErrorHandler((error, request, reply) => writeRefusal(reply, refusalOf(error, options), request.id));
  await app.register(swagger, documentSettings(options.document));
  const routes = [...options.routes, documentRoute<P>(() => app.swagger())];
  app.setNotFoundHandler((request, reply) => {
    const methods = methodsAt(routes, request.url);
    if (methods.length > 0) reply.header('allow', methods.join(', '));
    writeRefusal(reply, new HttpError(methods.length > 0 ? 'method_not_allowed' : 'route_not_found'), request.id);
  });
  for (const route of routes) addRoute(app, route, options);
  await app.ready();
  return {
    listen: () => app.listen({ host: options.host, port: options.port }),
    inject: app.inject.bind<FastifyInstance['inject']>(app),
    document: () => app.swagger(),
    close: () => {
      gate.close();
      return app.close();
    },
  };
}

async function createApp<P extends Principal>(options: HttpServerOptions<P>): Promise<FastifyInstance> {
  const { tls } = options;
  const server: ServerOptions = {
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: NO_REQUEST_TIMEOUT,
    connectionsCheckingInterval: TIMEOUT_CHECK_INTERVAL_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    noDelay: true,
  };
  const common = {
    logger: false,
    // A URL that cannot be read never becomes a request of any route.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      writeRefusal(reply, refusalOf(error, options), request.id),
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: NO_REQUEST_TIMEOUT,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    genReqId: createRequestIds() as (request: IncomingMessage) => string,
    requestIdHeader: false,
    exposeHeadRoutes: false,
    // A connection that is kept alive is answered to the end and then closed; see the gate.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    clientErrorHandler: (error: Error, socket: Socket) => writeSocketRefusal(error, socket),
  } as const;
  const app =
    tls === undefined
      ? Fastify({ ...common, http: server })
      : // Fastify types an HTTPS server apart; everything used here is the same on both.
        (Fastify({ ...common, https: { ...server, ...(await certificates(tls)) } }) as unknown as FastifyInstance);
  app.server.maxConnections = CONNECTIONS_MAX;
  return app;
}

async function certificates({ certFile, keyFile }: { certFile: string; keyFile: string }) {
  const [cert, key] = await Promise.all([readFile(certFile), readFile(keyFile)]);
  return { cert, key, minVersion: 'TLSv1.2' } as const;
}

function documentRoute<P>(document: () => object): Route<P> {
  return {
    method: 'GET',
    path: '/openapi.json',
    summary: 'This document',
    access: 'public',
    answers: { 200: { description: 'OpenAPI 3.1', schema: Type.Object({}, { description: 'An OpenAPI document' }) } },
    body: null,
    query: null,
    bodyKind: 'none',
    handle: () => ({ status: 200, value: document() }),
  };
}

function addRoute<P extends Principal>(app: FastifyInstance, route: Route<P>, options: HttpServerOptions<P>): void {
  const { linesIdleMsMax = LINES_IDLE_MS_MAX } = options;
  app.route({
    method: route.method,
    url: route.path,
    schema: routeSchema(route),
    config: { access: route.access, bodyKind: route.bodyKind },
    handler: (request, reply) => {
      const fail = (error: unknown) => writeRefusal(reply, refusalOf(error, options), request.id);
      try {
        if (route.bodyKind === 'lines') request.body = limitIdleTime(request, reply, linesIdleMsMax);
        const answer = route.handle(toHttpRequest<P>(request));
        if (answer instanceof Promise) answer.then((later) => writeAnswer(reply, later), fail);
        else writeAnswer(reply, answer);
      } catch (error) {
        fail(error);
      }
    },
  });
}

function toHttpRequest<P>(request: FastifyRequest): HttpRequest<P> {
  const { body } = request;
  const parsed = isParsedBody(body) ? body : { value: body, numbersPlain: true };
  return {
    id: request.id,
    // The gate has put it there on every route that is not public; public ones do not read it.
    principal: (request as FastifyRequest & { principal: P }).principal,
    params: request.params as Record<string, string>, // Fastify's router fills it with text
    query: request.query,
    header: (name) => {
      const value = request.headers[name];
      return Array.isArray(value) ? value.join(', ') : value;
    },
    body: parsed.value,
    numbersPlain: parsed.numbersPlain,
  };
}

function isParsedBody(body: unknown): body is { value: unknown; numbersPlain: boolean } {
  return typeof body === 'object' && body !== null && 'numbersPlain' in body && 'value' in body;
}

const JSON_TYPE = 'application/json; charset=utf-8';

function writeAnswer(reply: FastifyReply, answer: Answer): void {
  reply.code(answer.status);
  if (answer.headers !== undefined) reply.headers(answer.headers);
  if ('content' in answer) void reply.type(answer.contentType).send(answer.content);
  else void reply.header('content-type', JSON_TYPE).send('json' in answer ? answer.json : toJson(answer.value));
}
