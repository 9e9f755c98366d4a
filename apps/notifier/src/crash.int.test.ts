// The notifier is killed between its steps: nobody is left untold, and who is told twice is told under the same id.
import { once } from 'node:events';
import { aCustomerNotification, randomId } from '@paystream/testkit';
import type { CustomerNotification } from '@paystream/topics';
import type { TestContext } from 'vitest';
import { describe, test } from 'vitest';
import type { Harness } from './testing/harness.ts';
import { createHarness } from './testing/harness.ts';

async function newHarness({ onTestFinished }: TestContext): Promise<Harness> {
  const harness = await createHarness();
  onTestFinished(() => harness.close());
  return harness;
}

async function threeToTell(harness: Harness): Promise<CustomerNotification[]> {
  const customerId = randomId('cus');
  await harness.addContact({ customerId, email: 'ada@example.org', name: null });
  const events = [1n, 2n, 3n].map((amountMinor) => aCustomerNotification({ customerId, amountMinor }));
  await harness.notify(events);
  return events;
}

/** Resolves to the signal that ended a process with this fault point. */
async function endOf(harness: Harness, point: string): Promise<NodeJS.Signals | null> {
  const child = harness.spawnInstance({ FAULTS: '1', FAULT_POINT: point, NOTIFIER_SMTP_CONNECTIONS_MAX: '1' });
  await once(child, 'exit');
  return child.signalCode;
}

const messageIdsOf = (events: readonly CustomerNotification[]): Set<string> =>
  new Set(events.map((event) => `${event.notificationId}@test.example`));

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
    const events = await threeToTell(harness);
    expect(await endOf(harness, point)).toBe('SIGKILL');
    await harness.startInstance();
    await harness.untilAll(events, 'sent');
    await harness.untilRead();
    const told = harness.mailServer.messageIds();
    expect(new Set(told)).toEqual(messageIdsOf(events));
    expect(told.length).toBeLessThanOrEqual(toldMax);
  });

  test('between handing an e-mail over and noting it: handed over again, under the same Message-ID', async (context) => {
    const { expect } = context;
    const harness = await newHarness(context);
    const events = await threeToTell(harness);
    expect(await endOf(harness, 'notifier.email_sent')).toBe('SIGKILL');
    const [first] = harness.mailServer.messageIds();
    await harness.startInstance();
    await harness.untilAll(events, 'sent');
    const told = harness.mailServer.messageIds();
    expect(told).toHaveLength(4);
    expect(new Set(told)).toEqual(messageIdsOf(events));
    expect(told.filter((id) => id === first)).toHaveLength(2);
  });
});
