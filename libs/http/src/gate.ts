// Decides at the door who may come in and how many at once, before a byte of a body is read; and counts who left.
import type { Counter, Histogram, Metrics } from '@paystream/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpError } from './errors.ts';
import type { Principal, Route } from './route.ts';

const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};
/** Two years, as preload lists ask; sent over TLS only. */
const STRICT_TRANSPORT = 'max-age=63072000; includeSubDomains';

const BEARER = 'bearer ';

export interface GateOptions<P extends Principal> {
  authenticate(key: string): P | Promise<P>;
  requestsPerKeyMax: number;
  tls?: object;
  metrics: Metrics;
}

export interface Gate {
  onRequest(request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void;
  /** From now on every answer ends its connection. */
  close(): void;
}

export function createGate<P extends Principal>(options: GateOptions<P>): Gate {
  const headers = options.tls
    ? { ...SECURITY_HEADERS, 'strict-transport-security': STRICT_TRANSPORT }
    : SECURITY_HEADERS;
  const underWay = new Map<string, number>();
  const measures = createMeasures(options.metrics);
  let closing = false;

  const admit = (request: FastifyRequest, reply: FastifyReply, principal: P, scope: string | null) => {
    if (scope !== null && !principal.scopes.has(scope)) {
      throw new HttpError('permission_denied', { detail: `The API key lacks the scope ${scope}.` });
    }
    // Gone while its key was looked up: `close` has been and would never take it off the count. Nobody reads the refusal.
    if (reply.raw.destroyed) throw new HttpError('request_timeout');
    const { keyId } = principal;
    const count = underWay.get(keyId) ?? 0;
    if (count >= options.requestsPerKeyMax) throw new HttpError('too_many_requests');
    underWay.set(keyId, count + 1);
    // `close` comes after every answer and after every client that went away without one.
    reply.raw.once('close', () => {
      const left = (underWay.get(keyId) ?? 1) - 1;
      if (left === 0) underWay.delete(keyId);
      else underWay.set(keyId, left);
    });
    Reflect.set(request, 'principal', principal);
  };

  return {
    onRequest: (request, reply, done) => {
      reply.headers(headers).header('request-id', request.id);
      if (closing) reply.header('connection', 'close');
      measures(request, reply);
      const access = accessOf(request);
      if (access === 'public') {
        done();
        return;
      }
      const settle = (principal: P) => admit(request, reply, principal, access.scope);
      try {
        const principal = options.authenticate(bearerKey(request));
        if (principal instanceof Promise) principal.then(settle).then(() => done(), done);
        else {
          settle(principal);
          done();
        }
      } catch (error) {
        done(error instanceof Error ? error : new Error('a key could not be checked', { cause: error }));
      }
    },
    close: () => {
      closing = true;
    },
  };
}

function accessOf(request: FastifyRequest): Route<unknown>['access'] {
  // Set by addRoute on every route; absent where no route was found.
  const access = Reflect.get(request.routeOptions.config, 'access') as Route<unknown>['access'] | undefined;
  return access ?? 'public';
}

function bearerKey(request: FastifyRequest): string {
  const { authorization } = request.headers;
  if (authorization === undefined) throw new HttpError('authentication_required');
  if (authorization.slice(0, BEARER.length).toLowerCase() !== BEARER) throw new HttpError('authentication_required');
  return authorization.slice(BEARER.length).trim();
}

function createMeasures(metrics: Metrics): (request: FastifyRequest, reply: FastifyReply) => void {
  const requests: Counter = metrics.counter('http_requests_total', 'Requests answered', ['method', 'route', 'status']);
  const durations: Histogram = metrics.histogram('http_request_duration_seconds', 'From headers to last byte', [
    'route',
  ]);
  return (request, reply) => {
    const startedMs = performance.now();
    const route = request.routeOptions.url ?? 'none';
    const { method } = request;
    reply.raw.once('close', () => {
      requests.inc({ method, route, status: reply.raw.statusCode });
      durations.observe({ route }, (performance.now() - startedMs) / 1_000);
    });
  };
}
