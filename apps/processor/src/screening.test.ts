// A screening that fails, is late or talks nonsense decides nothing.
import { fileURLToPath } from 'node:url';
import { randomId } from '@paystream/testkit';
import { describe, expect, test, vi } from 'vitest';
import type { CheckedRequest } from './check-request.ts';
import { loadScreening } from './load-screening.ts';
import type { Screening } from './screening.ts';
import { askScreening, ScreeningError } from './screening.ts';
import { requestOf } from './testing/requests.ts';

// Of the operations that are known, as the harness makes them.
const requests = [requestOf.pay(), requestOf.transfer()] as CheckedRequest[];
const never = new AbortController().signal;
const ALLOW = { decision: 'allow', reasonCode: null } as const;

const answering = (screen: Screening['screen']): Screening => ({ version: 3n, screen });
const ask = (screening: Screening, options = {}) =>
  askScreening(screening, requests, { signal: never, deadlineMs: 2_000, ...options });

test('each request has its own answer, by the version that gave it', async () => {
  const screening = answering(async (asked) =>
    asked.map(({ payeeIds }) => (payeeIds.length > 0 ? { decision: 'refuse', reasonCode: 'listed' } : ALLOW)),
  );
  const [payment, transfer] = requests;
  const screened = await ask(screening);
  expect(screened.get(payment?.operationId ?? '')).toEqual({ ...ALLOW, version: 3n });
  expect(screened.get(transfer?.operationId ?? '')).toEqual({ decision: 'refuse', reasonCode: 'listed', version: 3n });
});

test('nobody is asked about nothing', async () => {
  const screen = vi.fn<Screening['screen']>();
  await askScreening(answering(screen), [], { signal: never, deadlineMs: 1 });
  expect(screen).not.toHaveBeenCalled();
});

test.each<[string, Screening['screen']]>([
  [
    'throws',
    () => {
      throw new TypeError('x');
    },
  ],
  ['rejects', () => Promise.reject(new Error('away'))],
  ['answers too few', async () => [ALLOW]],
  ['answers too many', async () => [ALLOW, ALLOW, ALLOW]],
  ['answers nothing', async () => JSON.parse('null') as []],
  ['answers another word', async () => JSON.parse('[{"decision":"maybe"},{"decision":"allow"}]') as []],
  ['answers in words', async () => [ALLOW, { decision: 'refuse', reasonCode: 'Mr Miller, of all people' }]],
])('one that %s makes the batch come again', async (_case, screen) => {
  await expect(ask(answering(screen))).rejects.toThrow(ScreeningError);
});

test('one that is late is told so, and what it says afterwards is not heard', async () => {
  const late = Promise.withResolvers<[]>();
  let told: AbortSignal | undefined;
  const asked = ask(
    answering((_requests, signal) => {
      told = signal;
      return late.promise;
    }),
    { deadlineMs: 20 },
  );
  await expect(asked).rejects.toThrow('the screening took longer than 20 ms');
  expect(told?.aborted).toBe(true);
  late.reject(new Error('too late'));
});

test('a batch that is no longer ours waits for nothing', async () => {
  const lost = new AbortController();
  const asked = ask(
    answering(() => new Promise(() => undefined)),
    { signal: lost.signal },
  );
  lost.abort(new Error('lost'));
  await expect(asked).rejects.toThrow('lost');
  const screen = vi.fn<Screening['screen']>(() => new Promise(() => undefined));
  await expect(ask(answering(screen), { signal: lost.signal })).rejects.toThrow('lost');
  expect(screen).not.toHaveBeenCalled();
});

describe('the module', () => {
  const example = fileURLToPath(new URL('../examples/screening-list.js', import.meta.url));

  test('of the example screens by a list', async () => {
    vi.stubEnv('SCREENED_IDS', `${requests[0]?.customerId},${randomId('mer')}`);
    const screening = await loadScreening(example);
    vi.unstubAllEnvs();
    expect([...(await ask(screening)).values()].map(({ decision }) => decision)).toEqual(['refuse', 'allow']);
  });

  test.each(['/nowhere/screening.js', fileURLToPath(import.meta.resolve('./version.ts'))])(
    '%s is refused by name',
    async (path) => {
      await expect(loadScreening(path)).rejects.toThrow(/PROCESSOR_SCREENING_MODULE names a module that/);
    },
  );
});
