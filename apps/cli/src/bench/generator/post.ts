// Posts with as little work as undici allows, so that the generator leaves the machine to what is measured.

import type { Pool } from 'undici';

export interface Answered {
  readonly status: number;
  readonly body: string;
}

export interface Post {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends one request; rejects when the connection fails. The body is read only if `readBody` says so. */
export function post(pool: Pool, { path, headers, body }: Post, readBody: boolean): Promise<Answered> {
  return new Promise((resolve, reject) => {
    let status = 0;
    const chunks: Buffer[] = [];
    pool.dispatch(
      { method: 'POST', path, headers, body },
      {
        onRequestStart: () => {},
        onResponseStart: (_controller, statusCode) => {
          status = statusCode;
        },
        onResponseData: (_controller, chunk) => {
          if (readBody) chunks.push(chunk);
        },
        onResponseEnd: () => resolve({ status, body: Buffer.concat(chunks).toString() }),
        onResponseError: (_controller, error) => reject(error),
      },
    );
  });
}
