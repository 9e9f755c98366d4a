// Old e-mails are given up and forgotten; young ones stay as they are.
import { createDatabase } from '@paystream/database';
import type { Database } from '@paystream/database';
import { createLogger } from '@paystream/telemetry';
import { createTestDatabase } from '@paystream/testkit';
import type { TestDatabase } from '@paystream/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tidyEmails } from './tidy-emails.ts';

let own: TestDatabase;
let database: Database;

beforeAll(async () => {
  own = await createTestDatabase();
  database = createDatabase({ url: own.url, name: 'test', logger: createLogger({ name: 'test', level: 'error' }) });
  await database.migrate(new URL('../../migrations/', import.meta.url));
});

afterAll(async () => {
  await database.close();
  await own.drop();
});

async function addEmail(id: string, { status, days }: { status: string; days: number }): Promise<void> {
  await database.execute({
    text: `INSERT INTO emails (notification_id, customer_id, environment, merchant_id, template, payment_id, occurred_at,
                               status, queued_at, finished_at)
           SELECT $1, 'cus', 'test', 'mer', 'payment_succeeded', 'pay', at, $2, at, CASE WHEN $2 <> 'waiting' THEN at END
             FROM (SELECT now() - $3::int * interval '1 day' AS at) AS past`,
    values: [id, status, days],
  });
}

test('what waits too long has failed, and what was finished long ago is forgotten', async () => {
  await addEmail('waits since yesterday', { status: 'waiting', days: 1 });
  await addEmail('waits since last week', { status: 'waiting', days: 7 });
  await addEmail('sent last month', { status: 'sent', days: 31 });
  await addEmail('skipped last year', { status: 'skipped', days: 365 });

  expect(await tidyEmails(database)).toEqual({ givenUp: 1, forgotten: 1 });
  expect(
    await database.query({ text: 'SELECT notification_id, status, reason FROM emails ORDER BY notification_id DESC' }),
  ).toEqual([
    { notification_id: 'waits since yesterday', status: 'waiting', reason: null },
    { notification_id: 'waits since last week', status: 'failed', reason: 'too_late' },
    { notification_id: 'sent last month', status: 'sent', reason: null },
  ]);
  expect(await tidyEmails(database)).toEqual({ givenUp: 0, forgotten: 0 });
});
