// Records what finally became of some e-mails; what is finished already stays as it is.
import type { Queryable } from '@paystream/database';

export interface FinishedEmails {
  notificationIds: readonly string[];
  status: 'sent' | 'skipped' | 'failed';
  /** A code of ours. */
  reason?: string;
}

export async function finishEmails(database: Queryable, finished: FinishedEmails): Promise<void> {
  const { notificationIds, status, reason = null } = finished;
  if (notificationIds.length === 0) return;
  await database.execute({
    name: 'finish-emails',
    text: `UPDATE emails SET status = $2, reason = $3, finished_at = now()
            WHERE notification_id = ANY ($1::text[]) AND status = 'waiting'`,
    values: [notificationIds, status, reason],
  });
}
