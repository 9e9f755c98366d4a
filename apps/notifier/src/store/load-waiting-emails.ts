// Reads those of some e-mails that still have to be sent.
import type { Queryable } from '@paystream/database';

export interface WaitingEmail {
  notificationId: string;
  customerId: string;
  environment: string;
  template: string;
  paymentId: string;
  /** Null where what is told has none, as that an account is frozen. */
  amountMinor: bigint | null;
  currency: string;
  failureCode: string | null;
  balanceMinor: bigint | null;
  occurredAt: Date;
}

export function loadWaitingEmails(database: Queryable, notificationIds: readonly string[]): Promise<WaitingEmail[]> {
  return database.query<WaitingEmail>({
    name: 'load-waiting-emails',
    text: `SELECT notification_id AS "notificationId", customer_id AS "customerId", environment, template,
                  payment_id AS "paymentId", amount_minor AS "amountMinor", currency, failure_code AS "failureCode",
                  balance_minor AS "balanceMinor", occurred_at AS "occurredAt"
             FROM emails
            WHERE notification_id = ANY ($1::text[]) AND status = 'waiting'
            ORDER BY occurred_at, notification_id`,
    values: [notificationIds],
  });
}
