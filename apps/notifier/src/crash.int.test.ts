// The notifier is killed between its steps: nobody is left untold, and who is told twice is told under the same id.
import { once } from 'node:events';
import { aCustomerNotification, randomId } from '@paystream/testkit';
import type { CustomerNotification } from '@paystream/topics';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Harness } from './testing/harness.ts';
import { createHarness } from './testing/harness.ts';

let harness: Harness;

beforeEach(async () => {
  harness = await createHarness();
});

afterEach(() => harness.close());

async function threeToTell(): Promise<CustomerNotification[]> {
  const customerId = randomId('cus');
  await harness.addContact({ customerId, email: 'ada@example.org', name: null });
  return [1n, 2n, 3n].map((amountMinor) => aCustomerNotification({ customerId, amountMinor }));
}

async function killedAt(point: string): Promise<void> {
  const child = harness.spawnInstance({ FAULTS: '1', FAULT_POINT: point, NOTIFIER_SMTP_CONNECTIONS_MAX: '1' });
  await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
}

test.each(['notifier.emails_inserted', 'messaging.before_database_commit', 'messaging.database_committed'])(
  'killed at %s: each is told once',
  async (point) => {
    const events = await threeToTell();
    await harness.notify(events);
    await killedAt(point);
    await harness.startInstance();
    await harness.untilAll(events, 'sent');
    await harness.untilRead();
    const told = harness.mailServer.messageIds();
    expect(new Set(told)).toEqual(new Set(events.map((event) => `${event.notificationId}@test.example`)));
    // After the commit the killed process may have been sending already.
    expect(told.length).toBeLessThanOrEqual(point === 'messaging.database_committed' ? 6 : 3);
  },
);

test('killed between handing an e-mail over and noting it: handed over again, under the same Message-ID', async () => {
  const events = await threeToTell();
  await harness.notify(events);
  await killedAt('notifier.email_sent');
  const [first] = harness.mailServer.messageIds();
  await harness.startInstance();
  await harness.untilAll(events, 'sent');
  const told = harness.mailServer.messageIds();
  expect(told).toHaveLength(4);
  expect(new Set(told)).toEqual(new Set(events.map((event) => `${event.notificationId}@test.example`)));
  expect(told.filter((id) => id === first)).toHaveLength(2);
});
