// Reads which e-mails the notifier knows, and what they have to say, as rows that can be compared.

import { readInChunks } from '@paystream/database';
import type { Transaction } from '@paystream/database';
import type { KeyedText, ViewTable } from '@paystream/proof';
import type { CustomerNotification } from '@paystream/topics';

/** The topic forgets after 30 days; what is about to be forgotten is not compared. */
const KEPT_MICROS = 29n * 86_400_000_000n;

/** E-mails of what happened after `since`, microseconds since the epoch. */
export function emailsTable(transaction: Transaction, since: bigint): ViewTable {
  const dashed = ['amount_minor', 'currency', 'failure_code', 'balance_minor']
    .map((column) => `coalesce(${column}::text, '-')`)
    .join(', ');
  return {
    name: 'notifier.emails',
    rows: () =>
      readInChunks<KeyedText>(transaction, {
        text: `SELECT notification_id AS key,
                      concat_ws(' ', customer_id, environment, merchant_id, template, payment_id, ${dashed}, occurred) AS text
                 FROM (SELECT *, (extract(epoch FROM occurred_at) * 1000000)::bigint AS occurred FROM emails) AS e
                WHERE occurred > ${since}`,
      }),
  };
}

export function comparedSince(takenAt: bigint): bigint {
  return takenAt - KEPT_MICROS;
}

/** The row that a notification has to have. */
export function emailRow(notification: CustomerNotification): KeyedText {
  const { customerId, environment, merchantId, template, paymentId } = notification;
  const { amountMinor, currency, failureCode, balanceMinor, occurredAt } = notification;
  return {
    key: notification.notificationId,
    text: [
      ...[customerId, environment, merchantId, template, paymentId],
      ...[amountMinor, currency, failureCode, balanceMinor].map((value) => value ?? '-'),
      occurredAt,
    ].join(' '),
  };
}
