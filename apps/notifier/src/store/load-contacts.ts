// Looks up how customers can be reached, in the gateway's view of contacts, and opens what is sealed there.
import type { Queryable } from '@paystream/database';
import type { Vault } from '@paystream/personal-data';
import { CannotOpenError } from '@paystream/personal-data';

const PREFIX = 'cus_';
const NAME_LENGTH_MAX = 100;

export interface Contact {
  email: string;
  /** On one line and within bounds, for it is the customer's own text. */
  name: string | null;
}

interface ContactRow {
  customer_id: string;
  email_sealed: Buffer;
  name_sealed: Buffer | null;
  key_sealed: Buffer;
}

/**
 * By customer id; customers without an address, or whose key was erased, are absent. One that cannot be opened
 * (PERSONAL_DATA_KEY is not the gateway's, or the row was damaged) is `unreadable` and keeps no other from being read.
 */
export async function loadContacts(
  contacts: Queryable,
  vault: Vault,
  customerIds: readonly string[],
): Promise<Map<string, Contact | 'unreadable'>> {
  const rows = await contacts.query<ContactRow>({
    name: 'load-contacts',
    text: `SELECT customer_id, email_sealed, name_sealed, key_sealed
             FROM contacts
            WHERE customer_uuid = ANY ($1::uuid[]) AND email_sealed IS NOT NULL AND key_sealed IS NOT NULL`,
    // PostgreSQL reads 32 digits as a uuid; that they are such was checked when the notification was read.
    values: [customerIds.map((id) => id.slice(PREFIX.length))],
  });
  return new Map(rows.map((row) => [row.customer_id, open(row, vault)]));
}

function open({ email_sealed, name_sealed, key_sealed }: ContactRow, vault: Vault): Contact | 'unreadable' {
  try {
    const name = name_sealed === null ? null : oneLine(vault.open(key_sealed, name_sealed));
    return { email: vault.open(key_sealed, email_sealed), name };
  } catch (error) {
    if (error instanceof CannotOpenError) return 'unreadable';
    throw error;
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, NAME_LENGTH_MAX);
}
