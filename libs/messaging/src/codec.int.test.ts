// Walks values through the codec against the real registry: what comes back, and what is said of bytes that cannot come back.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, test } from 'vitest';
import { catalogue } from '@paystream/topics';
import * as testkit from '@paystream/testkit';
import { aPaymentSettled, testServices } from '@paystream/testkit';
import { avroType } from './avro-types.ts';
import type { Codec } from './codec.ts';
import { createCodec } from './codec.ts';
import { RegistryUnavailableError, splitCredentials } from './registry.ts';
import { registerSchemas } from './schemas.ts';

const quiet = { info: () => undefined };
const registryUrl = testServices().schemaRegistryUrl;
let codec: Codec;

beforeAll(async () => {
  await registerSchemas({ registryUrl, logger: quiet });
  codec = createCodec({ registryUrl, clientId: 'codec-test' });
  await codec.connect();
});

describe('a value', () => {
  test.each([
    ['payment.requested', testkit.aPaymentRequested()],
    ['payment.processed', testkit.aPaymentProcessed()],
    ['payment.settled', testkit.aPaymentSettled()],
    ['payment.progressed', testkit.aPaymentProgressed()],
    ['provider.requested', testkit.aProviderRequested()],
    ['provider.event', testkit.aProviderEvent()],
    ['merchant.event', testkit.aMerchantEvent()],
    ['account.updated', testkit.anAccountUpdated()],
    ['customer.notification', testkit.aCustomerNotification()],
    ['merchant.updated', testkit.aMerchantUpdated()],
    ['fx.rate', testkit.anFxRate()],
  ] as const)('of %s comes back as it was', (topic, value) => {
    expect(codec.decode(topic, codec.encode(topic, value))).toEqual({ ok: true, value });
  });

  test('does not change when the next ones are encoded', () => {
    const values = Array.from({ length: 2_000 }, (_, index) => aPaymentSettled({ ledgerNumber: BigInt(index) }));
    const encoded = values.map((value) => codec.encode('payment.settled', value));
    expect(encoded.map((bytes) => codec.decode('payment.settled', bytes))).toEqual(
      values.map((value) => ({ ok: true, value })),
    );
  });

  test('larger than any slab is still encoded whole', () => {
    const value = aPaymentSettled({ merchantId: 'm'.repeat(800_000) });
    expect(codec.decode('payment.settled', codec.encode('payment.settled', value))).toEqual({ ok: true, value });
  });

  test('that does not fit the schema is a fault which names the field, not its content', () => {
    const wrong = { ...aPaymentSettled(), amountMinor: 4_242 } as never;
    expect(() => codec.encode('payment.settled', wrong)).toThrow(/payment\.settled: amountMinor/);
    expect(() => codec.encode('payment.settled', wrong)).not.toThrow(/4242/);
  });
});

describe('bytes that are no value', () => {
  const bytes = (): Buffer => Buffer.from(codec.encode('payment.settled', aPaymentSettled()));

  test.each<[string, () => Buffer | null, RegExp]>([
    ['null', () => null, /null/],
    ['empty', () => Buffer.alloc(0), /wire format: 0 bytes/],
    ['four bytes', () => Buffer.alloc(4), /wire format: 4 bytes/],
    ['another magic byte', () => Buffer.concat([Buffer.from([1]), bytes().subarray(1)]), /wire format/],
    ['JSON', () => Buffer.from('{"amount":1}'), /wire format/],
    ['a cut value', () => bytes().subarray(0, 20), /schema id|ends before/],
    ['a header alone', () => bytes().subarray(0, 5), /schema id|ends before/],
    ['trailing bytes', () => Buffer.concat([bytes(), Buffer.from('xy')]), /2 bytes follow/],
  ])('%s: poison', async (_name, make, reason) => {
    const value = make();
    await codec.prepare('payment.settled', [{ value }]);
    expect(codec.decode('payment.settled', value)).toEqual({
      ok: false,
      class: 'poison',
      reason: expect.stringMatching(reason) as string,
    });
  });

  test('of an id the registry does not have: schema', async () => {
    const value = bytes();
    value.writeUInt32BE(2_000_000_000, 1);
    await codec.prepare('payment.settled', [{ value }, { value }]);
    expect(codec.decode('payment.settled', value)).toMatchObject({ ok: false, class: 'schema', reason: /2000000000/ });
  });

  test('of another topic’s schema: schema', async () => {
    const value = codec.encode('fx.rate', testkit.anFxRate());
    await codec.prepare('payment.settled', [{ value }]);
    expect(codec.decode('payment.settled', value)).toMatchObject({ ok: false, class: 'schema' });
  });
});

test('a newer writer’s record is read without what we do not know yet', async () => {
  const newer = JSON.parse(catalogue['fx.rate'].schema) as { fields: object[] };
  newer.fields.push({ name: 'note', type: ['null', 'string'], default: null, doc: 'New.' });
  const subject = `fx.rate-${randomUUID()}`;
  const [registered] = await registerSchemas({
    registryUrl,
    logger: quiet,
    schemas: [{ topic: 'fx.rate', subject, schema: JSON.stringify(newer) }],
  });
  const rate = testkit.anFxRate();
  const value = Buffer.concat([Buffer.alloc(5), avroType(newer).toBuffer({ ...rate, note: 'hello' })]);
  value.writeUInt32BE(registered?.id ?? 0, 1);

  expect(() => codec.decode('fx.rate', value)).toThrow(/prepare/);
  await codec.prepare('fx.rate', [{ value }]);
  expect(codec.decode('fx.rate', value)).toEqual({ ok: true, value: rate });
});

describe('a registry that is not there', () => {
  const unknown = Buffer.concat([Buffer.from([0, 0, 0x10, 0, 0]), Buffer.from('x')]);

  test('is a reason to try again, never to give a record up', async () => {
    const nobody = createCodec({ registryUrl: 'http://127.0.0.1:9', clientId: 'codec-test' });
    await expect(nobody.connect()).rejects.toThrow(RegistryUnavailableError);
    await expect(nobody.prepare('fx.rate', [{ value: unknown }])).rejects.toMatchObject({ retriable: true });
  });

  test('but something else that answers 404 to everything, is so too', async () => {
    await withServer({ status: 404, body: '<html>not here</html>' }, async (url) => {
      const astray = createCodec({ registryUrl: url, clientId: 'codec-test' });
      await expect(astray.prepare('fx.rate', [{ value: unknown }])).rejects.toThrow(RegistryUnavailableError);
    });
  });
});

test('a registry that lacks our schemas stops the start with a sentence that says what to run', async () => {
  const empty = JSON.stringify({ error_code: 40401, message: 'Subject not found.' });
  await withServer({ status: 404, body: empty }, async (url) => {
    const connecting = createCodec({ registryUrl: url, clientId: 'codec-test' }).connect();
    await expect(connecting).rejects.toMatchObject({ code: 'schemas_missing', retriable: false });
    await expect(connecting).rejects.toThrow(/payment\.settled-value.*npx paystream up/);
  });
});

/** A server that gives the same answer to everything. */
async function withServer(
  { status, body }: { status: number; body: string },
  work: (url: string) => Promise<void>,
): Promise<void> {
  const server = createServer((_request, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(body),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    // Listening on TCP, address() is an AddressInfo.
    const { port } = server.address() as AddressInfo;
    await work(`http://127.0.0.1:${port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('credentials in the address are taken out of it', () => {
  expect(splitCredentials('https://me:s%2Fecret@registry.example/base')).toEqual({
    host: 'https://registry.example/base',
    auth: { username: 'me', password: 's/ecret' },
  });
});
