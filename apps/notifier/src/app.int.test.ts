// The notifier on a real broker, database and mail server: every customer is told once, and only at their address.
import { aCustomerNotification, randomId } from '@paystream/testkit';
import type { CustomerNotification } from '@paystream/topics';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Harness } from './testing/harness.ts';
import { createHarness, toRecord } from './testing/harness.ts';

let harness: Harness;

beforeAll(async () => {
  harness = await createHarness();
  await harness.startInstance();
});

afterAll(() => harness.close());

async function aCustomerWithAddress(email: string, name: string | null = null): Promise<string> {
  const customerId = randomId('cus');
  await harness.addContact({ customerId, email, name });
  return customerId;
}

const messageIdOf = (event: CustomerNotification): string => `${event.notificationId}@test.example`;
const mailsOf = (event: CustomerNotification): string[] =>
  harness.mailServer.sources().filter((source) => source.includes(messageIdOf(event)));

test('a customer reads what happened, under the id of the notification', async () => {
  const customerId = await aCustomerWithAddress('ada@example.org', 'Ada <b>Lovelace</b>\r\nBcc: eve@example.org');
  const event = aCustomerNotification({ customerId });
  await harness.notify([event]);
  await harness.untilAll([event], 'sent');

  const [mail = '', ...others] = mailsOf(event);
  expect(others).toEqual([]);
  expect(mail).toMatch(/^To: .*(\r\n .*)*<ada@example\.org>\r?$/m);
  expect(mail).toMatch(/^From: Test <no-reply@test\.example>\r?$/m);
  expect(mail).toMatch(/^Subject: \[test\] You paid 10\.99 USD\r?$/m);
  expect(mail).toContain('Your wallet now holds 89.01 USD.');
  expect(mail).toContain('Ada &lt;b&gt;Lovelace&lt;/b&gt;');
  // The name is text and cannot become a header.
  expect(mail).not.toMatch(/^Bcc:/m);
});

test('what has no amount, as that a wallet is frozen, is told too', async () => {
  const customerId = await aCustomerWithAddress('frozen@example.org');
  const event = aCustomerNotification({ customerId, template: 'account_frozen', amountMinor: null });
  await harness.notify([event]);
  await harness.untilAll([event], 'sent');
  expect(mailsOf(event)).toEqual([expect.stringContaining('Your USD wallet is frozen')]);
});

test('customers without an address, erased or unknown, are skipped', async () => {
  const customerId = randomId('cus');
  await harness.addContact({ customerId, email: null, name: 'Nobody' });
  const events = [aCustomerNotification({ customerId }), ...Array.from({ length: 500 }, () => aCustomerNotification())];
  await harness.notify(events);
  const rows = await harness.untilAll(events, 'skipped');
  expect(new Set(rows.map(({ reason }) => reason))).toEqual(new Set(['no_address']));
});

test('a notification that comes again, also after a restart, is not told again', async () => {
  const customerId = await aCustomerWithAddress('twice@example.org');
  const event = aCustomerNotification({ customerId });
  await harness.notify([event, event]);
  await harness.untilAll([event], 'sent');
  const next = await harness.startInstance();
  const marker = aCustomerNotification({ customerId });
  await harness.notify([event, marker]);
  await harness.untilAll([marker], 'sent');
  await harness.untilRead();
  expect(mailsOf(event)).toHaveLength(1);
  await next.stop();
});

test('two instances share the work and tell each customer once', async () => {
  const other = await harness.startInstance();
  const customerIds = await Promise.all(
    Array.from({ length: 40 }, (_, index) => aCustomerWithAddress(`c${index}@example.org`)),
  );
  const events = customerIds.flatMap((customerId) =>
    Array.from({ length: 5 }, () => aCustomerNotification({ customerId, template: 'top_up_succeeded' })),
  );
  await harness.notify(events);
  await harness.untilAll(events, 'sent');
  await other.stop();
  expect(events.map((event) => mailsOf(event).length)).toEqual(events.map(() => 1));
});

test('an address refused for good is recorded as failed, with a code and without the address', async () => {
  const customerId = await aCustomerWithAddress('gone@example.org', 'Grace Hopper');
  harness.mailServer.answer('gone@example.org', 550);
  const event = aCustomerNotification({ customerId, template: 'payment_failed', failureCode: 'insufficient_funds' });
  await harness.notify([event]);
  const [row] = await harness.untilAll([event], 'failed');
  expect(row?.reason).toBe('smtp_550');
  expect(mailsOf(event)).toEqual([]);
});

test('an address refused for now is tried again', async () => {
  const customerId = await aCustomerWithAddress('full@example.org');
  harness.mailServer.answer('full@example.org', 452);
  const event = aCustomerNotification({ customerId });
  await harness.notify([event]);
  await harness.untilAll([event], 'waiting');
  await expect.poll(() => lastErrors(), { timeout: 10_000 }).toContain('Batch failures:\nsmtp_452');
  harness.mailServer.answer('full@example.org', null);
  await harness.untilAll([event], 'sent');
  expect(mailsOf(event)).toHaveLength(1);
});

test('a contact that cannot be opened keeps nobody else from being told', async () => {
  const damaged = await aCustomerWithAddress('damaged@example.org');
  await harness.damageContact(damaged);
  const good = await aCustomerWithAddress('good@example.org');
  const events = [aCustomerNotification({ customerId: good }), aCustomerNotification({ customerId: good })];
  await harness.notify([aCustomerNotification({ customerId: damaged }), ...events]);
  await harness.untilAll(events, 'sent');
  await expect.poll(() => lastErrors(), { timeout: 10_000 }).toContain('Batch failures:\ncontact_unreadable');
});

test('while the mail server is away e-mails are late and not lost, and customers without address are not kept waiting', async () => {
  const customerId = await aCustomerWithAddress('late@example.org');
  const [withAddress, without] = [aCustomerNotification({ customerId }), aCustomerNotification()];
  await harness.mailServer.goAway();
  await harness.notify([withAddress, without]);
  await harness.untilAll([without], 'skipped');
  await expect.poll(() => lastErrors(), { timeout: 10_000 }).toContain('Batch failures:\nsmtp_esocket');
  await harness.mailServer.comeBack();
  await harness.untilAll([withAddress], 'sent');
  expect(mailsOf(withAddress)).toHaveLength(1);
});

async function lastErrors(): Promise<(string | null)[]> {
  const rows = await harness.database.query<{ last_error: string | null }>({
    text: 'SELECT last_error FROM graphile_worker.jobs',
  });
  return rows.map((row) => row.last_error);
}

test('what cannot be read or makes no sense becomes a dead letter, and the rest is told', async () => {
  const good = aCustomerNotification();
  const record = toRecord(good, harness.messaging);
  const wrong = (overrides: Partial<CustomerNotification>) =>
    toRecord(aCustomerNotification(overrides), harness.messaging);
  await harness.publish([
    { ...record, value: Buffer.from('not avro') },
    { ...record, value: null },
    { ...record, key: Buffer.from('somebody else') },
    wrong({ template: 'birthday' }),
    wrong({ currency: 'XXX' }),
    wrong({ amountMinor: -1n }),
    wrong({ amountMinor: null }),
    wrong({ notificationId: 'ntf_1>\r\nBcc: eve@example.org' }),
    wrong({ customerId: 'cus_\u0000' }),
    record,
  ]);
  await harness.untilAll([good], 'skipped');
  await expect.poll(() => harness.deadLetters.length, { timeout: 20_000 }).toBe(9);
  const reasons = harness.deadLetters.map(({ headers }) => `${headers['dlq_class']}: ${headers['dlq_reason']}`);
  expect(reasons.toSorted()).toEqual([
    'business: invalid_amount',
    'business: invalid_amount',
    'business: invalid_customer_id',
    'business: invalid_notification_id',
    'business: key_mismatch',
    'business: unknown_currency',
    'business: unknown_template',
    'poison: undecodable',
    'poison: undecodable',
  ]);
});

test('no log line of all this names a person', () => {
  expect(harness.logLines.length).toBeGreaterThan(0);
  expect(harness.logLines.join('')).not.toMatch(/@example\.org|Lovelace|Hopper/);
});
