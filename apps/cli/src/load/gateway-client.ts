// Sends money requests to the gateway until their outcome is final, always with the same key, whatever dies meanwhile.

import { setTimeout as wait } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { Pool } from 'undici';
import { CliError } from '../context.ts';
import { toJson } from '../json.ts';
import { gatewayTrust, isUntrusted } from './gateway-trust.ts';

/** A request is given up when it has no final outcome after this long: longer than any process takes to come back. */
const OUTCOME_DEADLINE_MS = 180_000;
/** The gateway answers within `PREFER_WAIT_SECONDS`; beyond this the connection is dead. */
const ANSWER_TIMEOUT_MS = 15_000;
const PREFER_WAIT_SECONDS = 5;
const PAUSE_MS_MIN = 25;
const PAUSE_MS_MAX = 1_000;

/** Statuses after which the same request is sent again: nothing was decided, or nobody knows. */
const UNACCEPTED_STATUSES: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);
const RETRIED_STATUSES: ReadonlySet<number> = new Set([202, ...UNACCEPTED_STATUSES]);
/** Most conflicts stay; that a key is just being claimed passes, and the gateway says when. */
const CONFLICT = 409;

export interface FinalAnswer {
  readonly status: number;
  /** Parsed JSON of the answer. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly isReplay: boolean;
  readonly retries: number;
  /** From the first sending to this answer. */
  readonly milliseconds: number;
}

export interface GatewayClient {
  /** POSTs until the answer is final: a 2xx other than 202, or a 4xx that another try would not change. */
  readonly postUntilFinal: (path: string, idempotencyKey: string, body: object) => Promise<FinalAnswer>;
  /** The same until it is accepted, final or not. */
  readonly postUntilAccepted: (path: string, idempotencyKey: string, body: object) => Promise<FinalAnswer>;
  /** GETs until the body is as wanted, and gives it. */
  readonly getUntil: (path: string, isWanted: (body: FinalAnswer['body']) => boolean) => Promise<FinalAnswer['body']>;
  readonly close: () => Promise<void>;
}

export interface GatewayClientOptions {
  readonly gatewayUrl: string;
  readonly apiKey: string;
  /** Of a gateway that speaks HTTPS: trusted, and no other. Empty, or left out, for Node's own rules. */
  readonly certificateFile?: string;
  /** Connections kept alive; as many requests may be outstanding. */
  readonly connections: number;
  readonly signal?: AbortSignal;
}

export function createGatewayClient({
  gatewayUrl,
  apiKey,
  certificateFile = '',
  connections,
  signal,
}: GatewayClientOptions): GatewayClient {
  const timeouts = { headersTimeout: ANSWER_TIMEOUT_MS, bodyTimeout: ANSWER_TIMEOUT_MS };
  const pool = new Pool(gatewayUrl, {
    connections,
    pipelining: 1,
    ...timeouts,
    connect: gatewayTrust(certificateFile),
  });

  const get = async (path: string) => {
    const headers = { authorization: `Bearer ${apiKey}` };
    const response = await pool.request({ method: 'GET', path, headers, signal: signal ?? null });
    return { response, text: await response.body.text() };
  };
  const post = async (path: string, idempotencyKey: string, body: string) => {
    const headers = {
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json',
      'idempotency-key': idempotencyKey,
      prefer: `wait=${PREFER_WAIT_SECONDS}`,
    };
    const response = await pool.request({ method: 'POST', path, headers, body, signal: signal ?? null });
    return { response, text: await response.body.text() };
  };

  const postUntil = async (
    [path, idempotencyKey, content]: readonly [string, string, object],
    retriedStatuses: ReadonlySet<number>,
  ): Promise<FinalAnswer> => {
    const body = toJson(content);
    const start = performance.now();
    for (let retries = 0; ; retries += 1) {
      signal?.throwIfAborted();
      const answer = await post(path, idempotencyKey, body).catch((error: unknown) => connectionTrouble(error, signal));
      if (!('trouble' in answer) && !isRetried(answer, retriedStatuses)) {
        return finalAnswer(answer, { retries, milliseconds: performance.now() - start });
      }
      const trouble = 'trouble' in answer ? answer.trouble : `answer ${answer.response.statusCode}: ${answer.text}`;
      if (performance.now() - start > OUTCOME_DEADLINE_MS) throw gaveUp(`POST ${path}`, trouble);
      await wait(pauseOf(answer, retries), undefined, signal === undefined ? {} : { signal });
    }
  };

  return {
    postUntilFinal: (...request) => postUntil(request, RETRIED_STATUSES),
    postUntilAccepted: (...request) => postUntil(request, UNACCEPTED_STATUSES),
    getUntil: async (path, isWanted) => {
      const start = performance.now();
      for (let retries = 0; ; retries += 1) {
        signal?.throwIfAborted();
        const answer = await get(path).catch((error: unknown) => connectionTrouble(error, signal));
        if ('response' in answer && answer.response.statusCode === 200) {
          const body = parseObject(answer.text);
          if (isWanted(body)) return body;
        }
        const trouble = 'trouble' in answer ? answer.trouble : `answer ${answer.response.statusCode}: ${answer.text}`;
        if (performance.now() - start > OUTCOME_DEADLINE_MS) throw gaveUp(`GET ${path}`, trouble);
        await wait(pauseOf(answer, retries), undefined, signal === undefined ? {} : { signal });
      }
    },
    close: () => pool.destroy(),
  };
}

type Answer = { readonly response: Dispatcher.ResponseData; readonly text: string };

function isRetried({ response: { statusCode, headers } }: Answer, retriedStatuses: ReadonlySet<number>): boolean {
  return retriedStatuses.has(statusCode) || (statusCode === CONFLICT && headers['retry-after'] !== undefined);
}

function finalAnswer({ response, text }: Answer, measured: { retries: number; milliseconds: number }): FinalAnswer {
  const { statusCode: status } = response;
  if (status === 401 || status === 403) throw new CliError(`The gateway refused the API key (${status}).`);
  const isReplay = response.headers['idempotent-replayed'] === 'true';
  return { status, body: parseObject(text), isReplay, ...measured };
}

function parseObject(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new Error(`The gateway answered ${text}`);
  return { ...value };
}

/** What undici throws about connections is tried again; an abort and a certificate that is not trusted are not. */
function connectionTrouble(error: unknown, signal: AbortSignal | undefined): { readonly trouble: string } {
  if (signal?.aborted === true || error instanceof TypeError) throw error;
  if (isUntrusted(error)) {
    throw new CliError(
      `The gateway's certificate is not trusted (${String(error)}): GATEWAY_TLS_CERT_FILE must name the one it was started with.`,
    );
  }
  return { trouble: error instanceof Error ? error.message : String(error) };
}

/** The server's own word first, else doubling with jitter. */
function pauseOf(answer: Answer | { readonly trouble: string }, retries: number): number {
  const retryAfter = 'response' in answer ? Number(answer.response.headers['retry-after']) : Number.NaN;
  const doubled = Math.min(PAUSE_MS_MAX, PAUSE_MS_MIN * 2 ** Math.min(retries, 10));
  const pause = retryAfter > 0 ? Math.min(retryAfter * 1_000, PAUSE_MS_MAX) : doubled;
  return pause * (0.5 + Math.random() / 2);
}

function gaveUp(request: string, trouble: string): CliError {
  const seconds = OUTCOME_DEADLINE_MS / 1_000;
  return new CliError(`${request} had no final outcome after ${seconds} s; the last try ended with: ${trouble}`);
}
