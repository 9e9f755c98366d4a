// Forgets e-mails that were finished long ago.
import type { Queryable } from '@paystream/database';

/** Three times the topic's retention: while a notification can still be read again, its e-mail is remembered. */
const KEPT_DAYS = 90;

/** Gives how many were forgotten. */
export function deleteOldEmails(database: Queryable): Promise<number> {
  return database.execute({
    text: `DELETE FROM emails WHERE finished_at < now() - $1::int * interval '1 day'`,
    values: [KEPT_DAYS],
  });
}
