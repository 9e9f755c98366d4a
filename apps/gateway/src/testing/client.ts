// Speaks to a gateway as a merchant's program would, without a socket.
import { randomBytes } from 'node:crypto';
import type { Gateway } from '../app.ts';

export interface Reply {
  status: number;
  headers: Record<string, unknown>;
  text: string;
  /** Parsed JSON; for NDJSON an array of the lines. */
  body: unknown;
}

export interface Client {
  get(path: string): Promise<Reply>;
  /** With a key of its own unless `headers` says otherwise; a body that is text is sent as it is. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Reply>;
  put(path: string, body: unknown): Promise<Reply>;
  /** Creates a customer and gives the id. */
  createCustomer(body?: object): Promise<string>;
}

export function randomKey(): string {
  return randomBytes(12).toString('hex');
}

export function createClient({ server }: Pick<Gateway, 'server'>, apiKey: string): Client {
  const send = async (
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    headers: Record<string, string>,
    body?: unknown,
  ) => {
    const authorization = { authorization: `Bearer ${apiKey}` };
    const payload =
      body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const response = await server.inject({
      method,
      url: path,
      headers: { ...authorization, ...headers },
      ...(payload === undefined ? {} : { payload }),
    });
    const { statusCode: status, body: text } = response;
    return { status, headers: response.headers, text, body: parse(text, String(response.headers['content-type'])) };
  };
  const post: Client['post'] = (path, body, headers = {}) =>
    send('POST', path, { 'content-type': 'application/json', 'idempotency-key': randomKey(), ...headers }, body);
  return {
    get: (path) => send('GET', path, {}),
    post,
    put: (path, body) => send('PUT', path, { 'content-type': 'application/json' }, body),
    createCustomer: async (body = {}) => {
      const reply = await post('/v1/customers', body);
      if (reply.status !== 201) throw new Error(`no customer: ${reply.text}`);
      // What the OpenAPI document promises of a customer.
      return (reply.body as { id: string }).id;
    },
  };
}

function parse(text: string, contentType: string): unknown {
  if (contentType.includes('ndjson')) {
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line): unknown => JSON.parse(line));
  }
  return contentType.includes('json') ? JSON.parse(text) : text;
}
