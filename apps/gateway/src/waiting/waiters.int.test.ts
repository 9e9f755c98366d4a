// Wakes who waits: by another gateway's word, by looking when the word is lost, and never twice.
import { randomUUID } from 'node:crypto';
import { setImmediate as immediately } from 'node:timers/promises';
import type { Database } from '@paystream/database';
import { readOffset } from '@paystream/database';
import { createLogger } from '@paystream/telemetry';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answered } from '../store/read-answers.ts';
import { saveStatus } from '../store/save-status.ts';
import type { GatewayHarness } from '../testing/test-gateway.ts';
import { createHarness } from '../testing/test-gateway.ts';
import { announcementOf, listenForAnnouncements } from './announcements.ts';
import type { Waiters } from './waiters.ts';
import { createWaiters } from './waiters.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
/** Longer than any test here: it never looks by itself. */
const NEVER_MS = 600_000;
const WAIT_MS = 20_000;

let harness: GatewayHarness;
let database: Database;

beforeAll(async () => {
  harness = await createHarness();
  ({ database } = harness);
});

afterAll(() => harness.close());

function wait(waiters: Waiters, uuid: string, waitMs = WAIT_MS): Promise<string | null> {
  return new Promise((resolve) => {
    expect(waiters.wait(uuid, waitMs, (answered) => resolve(textOf(answered)))).toBe(true);
  });
}

function textOf(answered: Answered | null): string | null {
  if (answered === null) return null;
  return answered.kind === 'final' ? answered.answer : answered.status;
}

async function settle(uuids: readonly string[], isAnnounced: boolean): Promise<void> {
  const key = { group: 'test', topic: randomUUID(), partition: 0 };
  const from = await readOffset(database, key);
  const outcome = { status: 'succeeded', failureCode: null, settledAtMicros: 1n };
  const outcomes = uuids.map((uuid) => ({ ...outcome, uuid, answer: `answer of ${uuid}` }));
  const nothing = { balances: [], transactions: [], merchantBalances: [], merchantTransactions: [] };
  const announcement = announcementOf(isAnnounced ? uuids : []);
  await saveStatus(database, { ...key, from, to: from + 1n }, { outcomes, ...nothing }, announcement);
}

test('a gateway hears what another one has committed, more than one notification holds', async () => {
  const waiters = createWaiters({ database, logger, lookIntervalMs: NEVER_MS });
  const stopListening = await listenForAnnouncements(database, waiters);
  const uuids = Array.from({ length: 600 }, () => randomUUID());
  const answers = Promise.all(uuids.map((uuid) => wait(waiters, uuid)));
  await settle(uuids, true);
  expect(await answers).toEqual(uuids.map((uuid) => `answer of ${uuid}`));
  expect(waiters.count()).toBe(0);
  await stopListening();
  await waiters.stop();
});

test('a word that is lost is made up for by looking', async () => {
  const waiters = createWaiters({ database, logger });
  const uuid = randomUUID();
  const answer = wait(waiters, uuid);
  await settle([uuid], false);
  expect(await answer).toBe(`answer of ${uuid}`);
  await waiters.stop();
});

test('only who has waited for longer than the interval is looked for', async () => {
  const asked: string[][] = [];
  const counting: Database = {
    ...database,
    query: (query) => {
      asked.push(query.values?.[0] as string[]);
      return database.query(query);
    },
  };
  const waiters = createWaiters({ database: counting, logger });
  const [short, long] = [randomUUID(), randomUUID()];
  const answer = wait(waiters, long);
  for (let round = 0; asked.length < 2; round++) {
    // Told long before it is looked for, as most are.
    const told = wait(waiters, short);
    waiters.tell([[short, `${round}`]]);
    expect(await told).toBe(`${round}`);
    await immediately();
  }
  expect(asked.flat()).not.toContain(short);
  expect(asked.flat()).toContain(long);
  await settle([long], false);
  expect(await answer).toBe(`answer of ${long}`);
  await waiters.stop();
});

test('patience ends, each waiter has its own, and nobody is answered twice', async () => {
  const waiters = createWaiters({ database, logger, lookIntervalMs: NEVER_MS });
  const uuid = randomUUID();
  const heard: (string | null)[] = [];
  waiters.wait(uuid, 1, (answered) => heard.push(textOf(answered)));
  const patient = wait(waiters, uuid);
  await expect.poll(() => heard).toEqual([null]);
  waiters.tell([[uuid, 'first']]);
  waiters.tell([[uuid, 'second']]);
  expect(await patient).toBe('first');
  expect(heard).toEqual([null]);
  await waiters.stop();
});

test('who waits when the gateway stops is told so at once, and nobody waits after', async () => {
  const waiters = createWaiters({ database, logger });
  const answer = wait(waiters, randomUUID());
  await waiters.stop();
  expect(await answer).toBeNull();
  expect(waiters.wait(randomUUID(), WAIT_MS, () => undefined)).toBe(false);
});
