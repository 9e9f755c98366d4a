// Publishes the newest state of accounts on account.updated, some time after the batches that changed them.
import type { Database } from '@paystream/database';
import type { Codec, Consumer, Messaging, OutgoingRecord, ShardPublisher } from '@paystream/messaging';
import { eventHeaders } from '@paystream/messaging';
import type { AccountUpdated } from '@paystream/topics';
import { clearMarks } from '../store/clear-marks.ts';
import type { MarkedAccount } from '../store/load-marked-accounts.ts';
import { loadMarkedAccounts } from '../store/load-marked-accounts.ts';
import { ACCOUNTS_VERSION } from '../version.ts';

const TOPIC = 'account.updated';

export interface AccountUpdatedOptions {
  messaging: Messaging;
  database: Database;
  groupId: string;
  /** Who owns partition n of `ownerTopic` publishes the accounts that lie in partition n of account.updated. */
  owner: Consumer;
  ownerTopic: string;
}

/** Starts publishing; every state is published again until its mark is cleared, so that none is lost. */
export function publishAccountUpdated({ messaging, database, ...options }: AccountUpdatedOptions): ShardPublisher {
  return messaging.publishAccountShards({
    ...options,
    read: async (shard, limit) => {
      const marked = await loadMarkedAccounts(database, { shard, limit });
      return marked.map((account) => ({
        account: account.id,
        version: account.version,
        record: toAccountUpdatedRecord(account, messaging.codec),
      }));
    },
    clear: (shard, published) => clearMarks(database, { shard, published }),
  });
}

/** The record of an account's state; its key is the account's id, so that compaction keeps the newest. */
function toAccountUpdatedRecord(account: MarkedAccount, codec: Codec): OutgoingRecord {
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
