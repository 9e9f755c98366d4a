// The notifier is ended between its steps: nobody is left untold, and who is told twice is told under the same id.
import { once } from 'node:events';
import { aCustomerNotification, randomId } from '@paystream/testkit';
import type { CustomerNotification } from '@paystream/topics';
import type { TestContext } from 'vitest';
import { describe, test } from 'vitest';
import type { Harness } from './testing/harness.ts';
import { CONNECTIONS_MAX, createHarness } from './testing/harness.ts';

async function newHarness({ onTestFinished }: TestContext): Promise<Harness> {
  const harness = await createHarness();
  onTestFinished(() => harness.close());
  return harness;
}

/** E-mails recorded together. */
const GROUP_SIZE = 50;

/** One customer's notifications are in one partition, and those published at once in one job. */
async function toTell(harness: Harness, count: number): Promise<CustomerNotification[]> {
  const customerId = randomId('cus');
  await harness.addContact({ customerId, email: 'ada@example.org', name: null });
  const events = Array.from({ length: count }, () => aCustomerNotification({ customerId }));
  await harness.notify(events);
  return events;
}

/** Resolves to the signal that ended a process at this fault point, passed so often without harm. */
async function endOf(harness: Harness, point: string, passes = 0): Promise<NodeJS.Signals | null> {
  const faults = { FAULTS: '1', FAULT_POINT: point, FAULT_SKIP: `${passes}` };
  const child = harness.spawnInstance({ ...faults, NOTIFIER_SMTP_CONNECTIONS_MAX: '1' });
  await once(child, 'exit');
  return child.signalCode;
}

const messageIdOf = (notificationId: string): string => `${notificationId}@test.example`;
const messageIdsOf = (events: readonly CustomerNotification[]): Set<string> =>
  new Set(events.map((event) => messageIdOf(event.notificationId)));

// Each spends most of its time on waiting for the broker to notice the death: they may well wait together.
describe.concurrent('killed', () => {
  test.for([
    { point: 'notifier.emails_inserted', toldMax: 3 },
    { point: 'messaging.before_database_commit', toldMax: 3 },
    // After the commit the process may have been sending already.
    { point: 'messaging.database_committed', toldMax: 6 },
  ])('at $point: each is told', async ({ point, toldMax }, context) => {
    const { expect } = context;
    const harness = await newHarness(context);
    const events = await toTell(harness, 3);
    expect(await endOf(harness, point)).toBe('SIGKILL');
    await harness.startInstance();
    await harness.untilAll(events, 'sent');
    await harness.untilRead();
    const told = harness.mailServer.messageIds();
    expect(new Set(told)).toEqual(messageIdsOf(events));
    expect(told.length).toBeLessThanOrEqual(toldMax);
  });

  test.for([
    { sent: 1, when: 'at the first' },
    { sent: 3, when: 'at the last' },
    { sent: 110, when: 'after two groups were recorded' },
  ])(
    'between handing e-mails over and recording them, $when: those are handed over again, under the same Message-IDs',
    async ({ sent }, context) => {
      const { expect } = context;
      const harness = await newHarness(context);
      const events = await toTell(harness, Math.max(sent, 3));
      expect(await endOf(harness, 'notifier.email_sent', sent - 1)).toBe('SIGKILL');
      const before = harness.mailServer.messageIds();
      expect(before).toHaveLength(sent);
      const recorded = new Set((await harness.rowsOf('sent')).map((row) => messageIdOf(row.notification_id)));
      const unrecorded = before.filter((id) => !recorded.has(id));
      expect(unrecorded.length).toBeGreaterThan(0);
      expect(unrecorded.length).toBeLessThanOrEqual(GROUP_SIZE);

      await harness.startInstance();
      await harness.untilAll(events, 'sent');
      const told = harness.mailServer.messageIds();
      expect(new Set(told)).toEqual(messageIdsOf(events));
      expect(told.toSorted()).toEqual([...messageIdsOf(events), ...unrecorded].toSorted());
    },
  );
});

test('stopped in the middle of a job: handed over again is no more than what was in hand', async (context) => {
  const { expect } = context;
  const harness = await newHarness(context);
  const first = await harness.startInstance();
  const events = await toTell(harness, 150);
  await expect.poll(() => harness.mailServer.messageIds().length, { timeout: 20_000, interval: 1 }).toBeGreaterThan(9);
  await first.stop();
  const recorded = await harness.rowsOf('sent');
  const before = harness.mailServer.messageIds();
  expect(before.length - recorded.length).toBeLessThanOrEqual(CONNECTIONS_MAX);

  await harness.startInstance();
  await harness.untilAll(events, 'sent');
  const told = harness.mailServer.messageIds();
  expect(new Set(told)).toEqual(messageIdsOf(events));
  expect(told.length - events.length).toBe(before.length - recorded.length);
});
