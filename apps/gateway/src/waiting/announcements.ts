// Says to every gateway which operations are final, through the database they share.
import type { Database } from '@paystream/database';
import type { Notifications } from '../store/save-status.ts';
import type { Waiters } from './waiters.ts';

const CHANNEL = 'gateway_settled';
const UUID_DIGITS = 32;
/** A notification holds less than 8,000 bytes. */
const UUIDS_PER_NOTIFICATION_MAX = Math.floor(7_999 / UUID_DIGITS);

/** What is to be notified in the transaction that stores the outcomes. */
export function announcementOf(uuids: readonly string[]): Notifications {
  const digits = uuids.map((uuid) => uuid.replaceAll('-', ''));
  const payloads: string[] = [];
  for (let at = 0; at < digits.length; at += UUIDS_PER_NOTIFICATION_MAX) {
    payloads.push(digits.slice(at, at + UUIDS_PER_NOTIFICATION_MAX).join(''));
  }
  return { channel: CHANNEL, payloads };
}

/** Wakes waiters by what any gateway announces; the returned function stops it. */
export function listenForAnnouncements(database: Database, waiters: Waiters): Promise<() => Promise<void>> {
  return database.listen(CHANNEL, (payload) => waiters.told(uuidsOf(payload)));
}

function uuidsOf(payload: string): string[] {
  return Array.from({ length: Math.floor(payload.length / UUID_DIGITS) }, (_, place) => {
    const hex = payload.slice(place * UUID_DIGITS, (place + 1) * UUID_DIGITS);
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  });
}
