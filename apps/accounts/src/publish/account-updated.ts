// Turns an account's newest state into account.updated.
import type { Codec, OutgoingRecord } from '@paystream/messaging';
import { eventHeaders } from '@paystream/messaging';
import type { AccountUpdated } from '@paystream/topics';
import type { MarkedAccount } from '../store/load-marked-accounts.ts';
import { ACCOUNTS_VERSION } from '../version.ts';

const TOPIC = 'account.updated';

/** The record of an account's state; its key is the account's id, so that compaction keeps the newest. */
export function toAccountUpdatedRecord(account: MarkedAccount, codec: Codec): OutgoingRecord {
  const { id, version, updatedAt } = account;
  const value = toAccountUpdated(account);
  return {
    topic: TOPIC,
    partition: null,
    key: Buffer.from(id),
    value: codec.encode(TOPIC, value),
    headers: eventHeaders({
      id: `${id}.${version}`,
      type: TOPIC,
      source: 'accounts',
      timeMicros: updatedAt,
      subject: id,
      merchantId: null,
      environment: value.environment,
      correlationId: id,
      // Several operations may stand behind one state; payment.settled says which.
      causationId: null,
      producerVersion: ACCOUNTS_VERSION,
    }),
  };
}

function toAccountUpdated(account: MarkedAccount): AccountUpdated {
  const { id, kind, ownerId, currency, status, version, updatedAt } = account;
  const { postedMinor, heldMinor, overdraftMinor } = account;
  return {
    accountId: id,
    environment: account.environment,
    kind,
    ownerId,
    currency,
    postedMinor,
    heldMinor,
    overdraftMinor,
    status,
    version,
    updatedAt,
  };
}
