// Decides whether a notification can ever become an e-mail; what cannot is a dead letter with the reason.
import { isCurrency } from '@paystream/money';
import type { CustomerNotification } from '@paystream/topics';
import { isTemplate, namesAmount } from './email/templates.ts';

export type NotificationFault =
  | 'invalid_notification_id'
  | 'invalid_customer_id'
  | 'key_mismatch'
  | 'unknown_template'
  | 'unknown_currency'
  | 'invalid_amount';

/** It becomes the Message-ID, so it must not hold what an e-mail's header cannot. */
const NOTIFICATION_ID = /^ntf_[0-9a-f]{32}$/;
const CUSTOMER_ID = /^cus_[0-9a-f]{32}$/;

/** Why the notification is unusable, or null. `key` is its record's key. */
export function checkNotification(event: CustomerNotification, key: string | null): NotificationFault | null {
  if (!NOTIFICATION_ID.test(event.notificationId)) return 'invalid_notification_id';
  if (!CUSTOMER_ID.test(event.customerId)) return 'invalid_customer_id';
  // Under another key it could overtake what else the customer is told.
  if (key !== event.customerId) return 'key_mismatch';
  if (!isTemplate(event.template)) return 'unknown_template';
  if (event.currency === null || !isCurrency(event.currency)) return 'unknown_currency';
  if (event.amountMinor === null) return namesAmount(event.template) ? 'invalid_amount' : null;
  if (event.amountMinor < 0n) return 'invalid_amount';
  return null;
}
