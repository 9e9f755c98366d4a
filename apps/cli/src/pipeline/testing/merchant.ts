/** Talks to a gateway as a merchant's own program would: plain HTTP, nothing of ours. */

import { randomUUID } from 'node:crypto';

/** The fields of our answers that tests look at; each answer has some of them. */
export interface AnswerBody {
  readonly id?: string;
  readonly status?: string | number;
  readonly code?: string;
  readonly amount?: number;
  readonly failure?: { readonly code: string } | null;
  readonly fees?: readonly { readonly amount: number }[];
  readonly data?: readonly { readonly id?: string; readonly currency?: string; readonly posted?: number }[];
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Of a JSON answer; empty for any other. */
  readonly body: AnswerBody;
}

export interface Merchant {
  get(path: string): Promise<Answer>;
  /** POSTs JSON, or text as it is; without a key in `headers` a new one is made. */
  post(path: string, body: object | string, headers?: Record<string, string>): Promise<Answer>;
  /** A customer with an e-mail address and so much money. */
  customerWith(amount: number, currency?: string): Promise<string>;
}

export function createMerchant(gatewayUrl: string, apiKey: string): Merchant {
  const send = async (path: string, init: RequestInit, headers: Record<string, string> = {}): Promise<Answer> => {
    const response = await fetch(`${gatewayUrl}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${apiKey}`, ...headers },
      signal: AbortSignal.timeout(60_000),
    });
    const text = await response.text();
    const isJson = /^application\/(problem\+)?json/.test(response.headers.get('content-type') ?? '');
    const body = isJson ? (JSON.parse(text) as AnswerBody) : {};
    return { status: response.status, headers: response.headers, text, body };
  };
  const merchant: Merchant = {
    get: (path) => send(path, { method: 'GET' }),
    post: (path, body, headers) =>
      send(
        path,
        { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) },
        { 'content-type': 'application/json', 'idempotency-key': randomUUID(), ...headers },
      ),
    customerWith: async (amount, currency = 'USD') => {
      const created = await merchant.post('/v1/customers', { name: 'Ada', email: `${randomUUID()}@shop.example` });
      const customer = created.body.id ?? '';
      const topUp = await merchant.post('/v1/top_ups', { customer, amount, currency }, { prefer: 'wait=30' });
      if (topUp.body.status !== 'succeeded') throw new Error(`top-up ended as ${topUp.status} ${topUp.text}`);
      return customer;
    },
  };
  return merchant;
}
