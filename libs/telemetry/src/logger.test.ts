// A log line holds no secret, no card number and no person, whoever wrote it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLogger } from './logger.ts';
import type { Logger } from './logger.ts';

function lineOf(write: (logger: Logger) => void): string {
  const lines: string[] = [];
  write(createLogger({ name: 'test', level: 'trace', destination: { write: (line) => void lines.push(line) } }));
  expect(lines).toHaveLength(1);
  return lines[0] ?? '';
}

function fieldsOf(write: (logger: Logger) => void): Record<string, unknown> {
  return JSON.parse(lineOf(write)) as Record<string, unknown>;
}

const CARD = '4242424242424242';

describe('what is hidden', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['a password', { password: 'hunter2' }, 'hunter2'],
    ['a key, however it is written', { 'API-Key': 'hunter2' }, 'hunter2'],
    ['a secret deep inside', { a: { b: [{ client_secret: 'hunter2' }] } }, 'hunter2'],
    ['a person by field', { email: 'ada at example', description: 'a gift' }, 'gift'],
    ['an e-mail address anywhere', { reason: '550 <ada@example.org> unknown' }, 'ada@example'],
    ['the login of a URL', { url: 'postgres://me:hunter2@127.0.0.1/x' }, 'hunter2'],
    ['a bearer token', { header: 'Bearer abcdefgh12345' }, 'abcdefgh12345'],
    ['an API key in a text', { line: 'used sk_test_abcdefgh1234' }, 'abcdefgh1234'],
    ['a card number', { text: `card ${CARD}` }, CARD],
    ['a card number with gaps', { text: '4242 4242-4242 4242' }, '4242'],
    ['a card number as a number', { value: BigInt(CARD) }, CARD],
    ['bytes', { value: Buffer.from('hunter2') }, 'hunter2'],
  ])('%s', (_what, fields, secret) => {
    expect(lineOf((logger) => logger.info(fields, 'x'))).not.toContain(secret);
    expect(lineOf((logger) => logger.child(fields).info('x'))).not.toContain(secret);
  });

  it('the sentence itself', () => {
    expect(lineOf((logger) => logger.warn(`sent to ada@example.org with ${CARD}`))).not.toMatch(/ada|4242/);
  });

  it('what an error says, and the rows a database error carries', () => {
    const error = Object.assign(new Error('no postgres://me:hunter2@host/x', { cause: new Error('ada@example.org') }), {
      code: '23505',
      detail: 'Key (email)=(ada) already exists.',
      parameters: ['ada'],
    });
    const line = lineOf((logger) => logger.error({ err: error }, 'x'));
    expect(line).not.toMatch(/hunter2|ada/);
    expect(line).toContain('"code":"23505"');
  });
});

describe('what stays', () => {
  it('ids, places, times and amounts', () => {
    const fields = { paymentId: `pay_${'0123456789abcdef'.repeat(2)}`, offset: 12n, atMicros: 1_788_256_800_000_000n };
    expect(fieldsOf((logger) => logger.info(fields, 'placed'))).toMatchObject({
      level: 'info',
      name: 'test',
      msg: 'placed',
      paymentId: fields.paymentId,
      offset: '12',
      atMicros: '1788256800000000',
    });
  });

  it('an error with its cause and stack', () => {
    const { err } = fieldsOf((logger) => logger.error({ err: new Error('outer', { cause: new Error('inner') }) }, 'x'));
    expect(err).toMatchObject({ message: 'outer', cause: { message: 'inner' } });
    expect(JSON.stringify(err)).toContain('logger.test.ts');
  });

  it('nothing is said below the level', () => {
    const lines: string[] = [];
    const logger = createLogger({
      name: 'test',
      level: 'warn',
      destination: { write: (line) => void lines.push(line) },
    });
    logger.info('quiet');
    expect(lines).toEqual([]);
  });
});

it('any value whatever makes one line of JSON', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.anything({ withBigInt: true, withDate: true, withMap: true })),
      (fields) => {
        JSON.parse(lineOf((logger) => logger.info(fields, 'x')));
      },
    ),
  );
});

it('a value that contains itself makes a bounded line', () => {
  const value: Record<string, unknown> = { items: Array.from({ length: 10_000 }, (_, index) => index) };
  value.self = value;
  const error = new Error('x');
  error.cause = error;
  expect(lineOf((logger) => logger.info({ value, err: error }, 'x')).length).toBeLessThan(40_000);
});
