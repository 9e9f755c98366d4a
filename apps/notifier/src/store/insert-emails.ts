// Stores what is to be sent, once per notification, and gives it to the sender in the same transaction.
import type { Transaction } from '@paystream/database';
import type { CustomerNotification } from '@paystream/topics';

export const SEND_EMAILS_TASK = 'send_emails';

/** One job's e-mails share their look-ups; more would only delay the retry of those that failed. */
const EMAILS_PER_JOB_MAX = 200;
/** About a day and a half with the queue's growing pauses, which end at six hours. */
const SEND_ATTEMPTS_MAX = 14;

/** Gives how many were new. */
export async function insertEmails(transaction: Transaction, events: readonly CustomerNotification[]): Promise<number> {
  if (events.length === 0) return 0;
  const inserted = await transaction.query<{ notification_id: string }>({
    name: 'insert-emails',
    text: `INSERT INTO emails (notification_id, customer_id, environment, merchant_id, template, payment_id,
                               amount_minor, currency, failure_code, balance_minor, occurred_at)
           SELECT e.notification_id, e.customer_id, e.environment, e.merchant_id, e.template, e.payment_id,
                  e.amount_minor, e.currency, e.failure_code, e.balance_minor,
                  timestamptz 'epoch' + e.occurred_at * interval '1 microsecond'
             FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
                         $7::bigint[], $8::text[], $9::text[], $10::bigint[], $11::bigint[])
               AS e(notification_id, customer_id, environment, merchant_id, template, payment_id,
                    amount_minor, currency, failure_code, balance_minor, occurred_at)
            ORDER BY e.notification_id
           ON CONFLICT (notification_id) DO NOTHING
           RETURNING notification_id`,
    values: [
      events.map((event) => event.notificationId),
      events.map((event) => event.customerId),
      events.map((event) => event.environment),
      events.map((event) => event.merchantId),
      events.map((event) => event.template),
      events.map((event) => event.paymentId),
      events.map((event) => event.amountMinor),
      events.map((event) => event.currency),
      events.map((event) => event.failureCode),
      events.map((event) => event.balanceMinor),
      events.map((event) => event.occurredAt),
    ],
  });
  await addJobs(
    transaction,
    inserted.map((row) => row.notification_id),
  );
  return inserted.length;
}

async function addJobs(transaction: Transaction, notificationIds: readonly string[]): Promise<void> {
  const payloads: string[] = [];
  for (let start = 0; start < notificationIds.length; start += EMAILS_PER_JOB_MAX) {
    payloads.push(JSON.stringify(notificationIds.slice(start, start + EMAILS_PER_JOB_MAX)));
  }
  if (payloads.length === 0) return;
  await transaction.execute({
    name: 'add-send-jobs',
    text: `SELECT graphile_worker.add_job($1, payload, max_attempts => $2)
             FROM unnest($3::json[]) AS payload`,
    values: [SEND_EMAILS_TASK, SEND_ATTEMPTS_MAX, payloads],
  });
}
