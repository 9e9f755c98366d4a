// Says to every gateway which operations are final, through the database they share.
import type { Database, Transaction } from '@paystream/database';
import { notifySettled } from '../store/notify-settled.ts';
import type { Waiters } from './waiters.ts';

const CHANNEL = 'gateway_settled';
const UUID_DIGITS = 32;
/** A notification holds less than 8,000 bytes. */
const UUIDS_PER_NOTIFICATION_MAX = Math.floor(7_999 / UUID_DIGITS);

/** To be called in the transaction that stores the outcomes: it is heard if and when that commits. */
export async function announce(transaction: Transaction, uuids: readonly string[]): Promise<void> {
  const digits = uuids.map((uuid) => uuid.replaceAll('-', ''));
  const payloads: string[] = [];
  for (let at = 0; at < digits.length; at += UUIDS_PER_NOTIFICATION_MAX) {
    payloads.push(digits.slice(at, at + UUIDS_PER_NOTIFICATION_MAX).join(''));
  }
  if (payloads.length > 0) await notifySettled(transaction, CHANNEL, payloads);
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
