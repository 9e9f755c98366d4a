// Proves what stands around the books: what merchants, customers and subscribers are shown of them.

import { hash } from 'node:crypto';
import { readInChunks } from '@paystream/database';
import type { Database, Transaction } from '@paystream/database';
import type { Messaging } from '@paystream/messaging';
import { checkAccountUpdates, createMerchantViews, createView } from '@paystream/proof';
import type { AccountUpdate, Differences, MarkedAccount, MerchantViews } from '@paystream/proof';
import type { TopicReader } from '../read-topic.ts';
import { readTopic } from '../read-topic.ts';
import { gatewayTables } from './gateway-tables.ts';
import { comparedSince, emailRow, emailsTable } from './notifier-tables.ts';
import type { Pictures } from './pictures.ts';

export interface WholeContext {
  readonly messaging: Messaging;
  readonly pictures: Pictures;
  readonly differences: Differences;
  readonly signal: AbortSignal | undefined;
}

/** Follows the fold with what stands around it. */
export interface WholeProof extends Pick<MerchantViews, 'settled' | 'progressed'> {
  /** To be called when the fold has read everything, while the books' snapshot is open; `booksNow` is beside it. */
  readonly finish: (books: Transaction, booksNow: Database) => Promise<void>;
}

/** Reads the pictures; resolves when the fold may begin. */
export async function startWholeProof(context: WholeContext): Promise<WholeProof> {
  const { pictures, differences, messaging, signal } = context;
  const known = new Set<string>();
  const views = createMerchantViews({
    tables: gatewayTables(pictures.gateway),
    settledCuts: pictures.settled,
    progressedCuts: pictures.progressed,
    isKnown: (digits) => known.has(digits),
    digestOf,
    differences,
  });
  const operations = readInChunks<{ id: string }>(pictures.gateway, {
    text: `SELECT replace(id::text, '-', '') AS id FROM operations WHERE operation IN ('authorize', 'pay_out', 'pay')`,
  });
  for await (const chunk of operations) for (const { id } of chunk) known.add(id);
  await views.load();
  const reader = { messaging, differences, signal };
  return {
    settled: views.settled,
    progressed: views.progressed,
    finish: async (books, booksNow) => {
      await views.finish();
      await checkEmails(reader, pictures);
      await checkAccounts(reader, books, booksNow);
    },
  };
}

async function checkEmails(reader: TopicReader, { notifier, notifications, takenAt }: Pictures): Promise<void> {
  const since = comparedSince(takenAt);
  const emails = createView(emailsTable(notifier, since), { digestOf, differences: reader.differences });
  await emails.load();
  const partitions = (await reader.messaging.admin.endOffsets('customer.notification')).length;
  const before = Array.from({ length: partitions }, (_, partition) => notifications.get(partition) ?? 0n);
  const stretch = {
    topic: 'customer.notification',
    before,
    deadLetters: 'customer.notification.notifier.dlq',
  } as const;
  for await (const records of readTopic(reader, stretch)) {
    for (const { value, isPutAside } of records) {
      if (!isPutAside && value.occurredAt > since) emails.expect(emailRow(value));
    }
  }
  await emails.finish();
}

function digestOf(text: string): bigint {
  return hash('sha1', text, 'buffer').readBigUInt64LE(0);
}

const ACCOUNT_COLUMNS = `id AS "accountId", posted AS "postedMinor", held AS "heldMinor", overdraft AS "overdraftMinor",
  status, version`;

async function checkAccounts(reader: TopicReader, books: Transaction, booksNow: Database): Promise<void> {
  const before = await reader.messaging.admin.endOffsets('account.updated');
  const updates = readTopic(reader, { topic: 'account.updated', before, deadLetters: null });
  await checkAccountUpdates(
    {
      updates: valuesOf(updates),
      accounts: readInChunks<MarkedAccount>(books, {
        text: `SELECT ${ACCOUNT_COLUMNS},
                      EXISTS (SELECT FROM account_marks WHERE account_marks.account_id = id) AS "isMarked" FROM accounts`,
      }),
      accountsNow: (accountIds) =>
        booksNow.query<AccountUpdate>({
          text: `SELECT ${ACCOUNT_COLUMNS} FROM accounts WHERE id = ANY($1::text[])`,
          values: [accountIds],
        }),
    },
    reader.differences,
  );
}

async function* valuesOf<Value>(
  chunks: AsyncIterable<readonly { readonly value: Value }[]>,
): AsyncGenerator<readonly Value[]> {
  for await (const chunk of chunks) yield chunk.map(({ value }) => value);
}
