// Shows when a request is sent again, that its key stays the same, and what is final, against a server of real sockets.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSignedPair } from '@paystream/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import type { GatewayClient } from './gateway-client.ts';
import { createGatewayClient } from './gateway-client.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
const toClose: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of toClose.splice(0)) await close();
});

const say =
  (status: number, body: object = {}, headers: Record<string, string> = {}): Answer =>
  (_request, response) => {
    response.writeHead(status, headers).end(JSON.stringify(body));
  };

/** A gateway that gives these answers in turn. */
async function serve(answers: readonly Answer[]): Promise<{ client: GatewayClient; keys: unknown[] }> {
  const keys: unknown[] = [];
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const answer = answers[keys.length] ?? say(500);
      keys.push(request.headers['idempotency-key']);
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  // Listening on a port, the address is not a pipe's name.
  const { port } = server.address() as AddressInfo;
  const client = createGatewayClient({ gatewayUrl: `http://127.0.0.1:${port}`, apiKey: 'secret', connections: 1 });
  toClose.push(
    () => client.close(),
    () => server.close(),
  );
  return { client, keys };
}

describe('postUntilFinal', () => {
  it('sends again with the same key until the outcome is final', async () => {
    const cut: Answer = (request) => request.socket.destroy();
    const { client, keys } = await serve([
      cut,
      say(503),
      say(429),
      say(500),
      say(409, {}, { 'retry-after': '0' }),
      say(202),
      say(201, { status: 'succeeded' }),
    ]);
    const answer = await client.postUntilFinal('/v1/payments', 'key-1', { amount: 5n });
    expect(answer).toMatchObject({ status: 201, body: { status: 'succeeded' }, retries: 6, isReplay: false });
    expect(keys).toEqual(Array.from({ length: 7 }, () => 'key-1'));
  });

  it('takes a refusal as final', async () => {
    const { client } = await serve([say(422, { code: 'amount_invalid' }), say(409, { code: 'already_captured' })]);
    expect(await client.postUntilFinal('/v1/payments', 'key-1', {})).toMatchObject({ status: 422, retries: 0 });
    expect(await client.postUntilFinal('/v1/payments', 'key-2', {})).toMatchObject({ status: 409, retries: 0 });
  });

  it('sees a replay', async () => {
    const { client } = await serve([say(201, {}, { 'idempotent-replayed': 'true' })]);
    expect((await client.postUntilFinal('/v1/payments', 'key-1', {})).isReplay).toBe(true);
  });

  it('says that the key is wrong instead of trying on', async () => {
    const { client } = await serve([say(401)]);
    await expect(client.postUntilFinal('/v1/payments', 'key-1', {})).rejects.toThrow('refused the API key');
  });
});

describe('over HTTPS', () => {
  /** A gateway with a certificate that no one signed and that does not name its address. */
  async function serveTls(): Promise<{ gatewayUrl: string; certificateFile: string }> {
    const certificateFile = newCertificate();
    const [cert, key] = [readFileSync(certificateFile), readFileSync(`${certificateFile}.key`)];
    const server = createTlsServer({ cert, key }, say(201, { status: 'succeeded' }));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    toClose.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    return { gatewayUrl: `https://127.0.0.1:${port}`, certificateFile };
  }

  function newCertificate(): string {
    const folder = mkdtempSync(join(tmpdir(), 'paystream-tls-'));
    toClose.push(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'cert.pem');
    const { cert, key } = selfSignedPair('gateway.example');
    writeFileSync(file, cert);
    writeFileSync(`${file}.key`, key);
    return file;
  }

  async function post(gatewayUrl: string, certificateFile: string) {
    const client = createGatewayClient({ gatewayUrl, apiKey: 'secret', certificateFile, connections: 1 });
    toClose.push(() => client.close());
    return client.postUntilFinal('/v1/payments', 'key-1', {});
  }

  it('trusts the certificate that the gateway was started with', async () => {
    const { gatewayUrl, certificateFile } = await serveTls();
    expect(await post(gatewayUrl, certificateFile)).toMatchObject({ status: 201, retries: 0 });
  });

  it('says at once that another certificate is not trusted', async () => {
    const { gatewayUrl } = await serveTls();
    await expect(post(gatewayUrl, '')).rejects.toThrow('certificate is not trusted');
    await expect(post(gatewayUrl, newCertificate())).rejects.toThrow('certificate is not trusted');
  });
});
