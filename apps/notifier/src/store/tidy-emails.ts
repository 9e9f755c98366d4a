// Lets no e-mail wait for ever, and forgets those that were finished long ago.
import type { Queryable } from '@paystream/database';

/** Beyond every retry: its job has gone, and the news has grown old. */
const WAITING_DAYS_MAX = 3;
/** Three times the topic's retention: while a notification can still be read again, its e-mail is remembered. */
const KEPT_DAYS = 90;

/** Gives how many were given up, and how many forgotten. */
export async function tidyEmails(database: Queryable): Promise<{ givenUp: number; forgotten: number }> {
  const givenUp = await database.execute({
    text: `UPDATE emails SET status = 'failed', reason = 'too_late', finished_at = now()
            WHERE status = 'waiting' AND queued_at < now() - $1::int * interval '1 day'`,
    values: [WAITING_DAYS_MAX],
  });
  const forgotten = await database.execute({
    text: `DELETE FROM emails WHERE finished_at < now() - $1::int * interval '1 day'`,
    values: [KEPT_DAYS],
  });
  return { givenUp, forgotten };
}
