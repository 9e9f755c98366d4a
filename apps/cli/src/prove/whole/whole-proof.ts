// Proves what stands around the books: where each operation comes from, and what merchants, customers and subscribers are shown.

import { hash } from 'node:crypto';
import { readInChunks } from '@paystream/database';
import type { Database, Transaction } from '@paystream/database';
import type { Messaging } from '@paystream/messaging';
import {
  checkAccountUpdates,
  checkProviderEvents,
  createChain,
  createMerchantViews,
  createPrices,
  createView,
  learnVersions,
  LOOKUP_SIZE_MAX,
} from '@paystream/proof';
import type {
  AccountUpdate,
  OperationRow,
  Chain,
  Differences,
  MarkedAccount,
  MerchantViews,
  Prices,
  ProofInput,
  ToldEvent,
} from '@paystream/proof';
import type { CustomerNotification } from '@paystream/topics';
import { findByPlace } from '../books.ts';
import type { Decoded, TopicReader } from '../read-topic.ts';
import type { Sabotage } from '../sabotage.ts';
import { isOfBooks } from '../sabotage.ts';
import { readTopic } from '../read-topic.ts';
import { gatewayTables } from './gateway-tables.ts';
import { comparedSince, emailRow, emailsTable } from './notifier-tables.ts';
import {
  findAccepted,
  findEvents,
  findEventsByKey,
  findVersions,
  readAccepted,
  readPublishedEvents,
  readUnpublished,
} from './origins.ts';
import type { Reading } from './falsify-pictures.ts';
import { AS_IT_IS, falsifyReading } from './falsify-pictures.ts';
import type { Pictures } from './pictures.ts';

/** What the processor had processed of its topics before the books were looked at, by partition. */
export interface ProcessedBefore {
  readonly requests: readonly bigint[];
  readonly events: readonly bigint[];
}

export interface WholeContext {
  readonly processed: ProcessedBefore;
  /** How the sources are to be read. */
  readonly reading: Reading;
  readonly messaging: Messaging;
  readonly pictures: Pictures;
  readonly differences: Differences;
  readonly signal: AbortSignal | undefined;
}

/** Follows the fold with what stands around it. */
export interface WholeProof extends Pick<MerchantViews, 'settled' | 'progressed'> {
  readonly onRecord: NonNullable<ProofInput['onRecord']>;
  /** To be called when the fold has read everything, while the books' snapshot is open; `booksNow` is beside it. */
  readonly finish: (books: Transaction, booksNow: Database) => Promise<void>;
}

/** Reads the pictures as they are, or falsified. */
export function readingOf({ gateway }: Pictures, sabotage: Sabotage | undefined): Promise<Reading> {
  if (sabotage === undefined || isOfBooks(sabotage)) return Promise.resolve(AS_IT_IS);
  const { balances } = gatewayTables(gateway);
  return falsifyReading(sabotage, { accepted: () => readAccepted(gateway), balances });
}

/** To be read before the ends of `payment.processed`. */
export async function readProcessedBefore({ admin }: Pick<Messaging, 'admin'>): Promise<ProcessedBefore> {
  const [requests, events] = await Promise.all([
    admin.committedOffsets('processor', 'payment.requested'),
    admin.committedOffsets('processor-provider-events', 'provider.event'),
  ]);
  const orNothing = (offsets: readonly (bigint | null)[]): bigint[] => offsets.map((offset) => offset ?? 0n);
  return { requests: orNothing(requests), events: orNothing(events) };
}

/** Reads the pictures; resolves when the fold may begin. */
export async function startWholeProof(context: WholeContext): Promise<WholeProof> {
  const { pictures, differences, messaging, signal } = context;
  const reader = { messaging, differences, signal };
  const chain = await startChain(context, reader);
  const prices = await learnPrices(reader, pictures);
  const tables = gatewayTables(pictures.gateway);
  const views = createMerchantViews({
    tables: { ...tables, balances: context.reading.balances(tables.balances) },
    settledCuts: pictures.settled,
    progressedCuts: pictures.progressed,
    isKnown: chain.isAccepted,
    digestOf,
    differences,
  });
  await views.load();
  return {
    settled: views.settled,
    progressed: views.progressed,
    onRecord: async ({ operation, partition, offset }, fate) => {
      if (operation === null) return;
      await chain.processed(operation, { partition, offset }, fate);
      if (fate === 'decided') prices.check(operation, { partition, offset });
    },
    finish: async (books, booksNow) => {
      const booksAreBehind =
        'books_behind_log' in differences.counts() || 'books_older_than_published' in differences.counts();
      const falseEvents = await checkEvents(context, { reader, chain, booksAreBehind });
      await chain.finish({ booksAreBehind, falseEvents });
      await views.finish();
      await checkEmails(reader, pictures, books);
      await checkAccounts(reader, books, booksNow);
    },
  };
}

/** Resolves when all that was requested has been read. */
async function startChain(
  { pictures, differences, processed, reading }: WholeContext,
  reader: TopicReader,
): Promise<Chain> {
  const { gateway, gatewayNow, takenAt } = pictures;
  const chain = createChain({
    accepted: () => reading.accepted(readAccepted(gateway)),
    unpublished: readUnpublished(gateway),
    takenAt,
    acceptedNow: async (digits) => reading.acceptedNow(await findAccepted(gatewayNow, digits)),
    eventsNow: (facts, payOuts) => findEvents(gatewayNow, facts, payOuts),
    processedBefore: processed.requests,
    digestOf,
    differences,
  });
  await chain.load();
  const topic = 'payment.requested';
  const before = await reader.messaging.admin.endOffsets(topic);
  for await (const records of readTopic(reader, { topic, before, deadLetters: `${topic}.processor.dlq` })) {
    for (const record of records) if (reading.isRead(record.value.operationId)) await chain.requested(record);
  }
  return chain;
}

/** Everything that operations can have been priced by; both topics are kept for good. */
async function learnPrices(reader: TopicReader, { gatewayNow }: Pictures): Promise<Prices> {
  const { messaging, differences } = reader;
  const prices = createPrices(differences);
  const versions = await messaging.admin.endOffsets('merchant.updated');
  await learnVersions(
    {
      records: readTopic(reader, { topic: 'merchant.updated', before: versions, deadLetters: null }),
      versionsNow: (merchantIds) => findVersions(gatewayNow, merchantIds),
      learn: prices.learnVersion,
    },
    differences,
  );
  const rates = await messaging.admin.endOffsets('fx.rate');
  for await (const records of readTopic(reader, { topic: 'fx.rate', before: rates, deadLetters: null })) {
    for (const { value } of records) prices.learnRate(value);
  }
  return prices;
}

interface EventsContext {
  readonly reader: TopicReader;
  readonly chain: Chain;
  readonly booksAreBehind: boolean;
}

async function checkEvents(
  { pictures, differences, processed }: WholeContext,
  { reader, chain, booksAreBehind }: EventsContext,
): Promise<ToldEvent[]> {
  const topic = 'provider.event';
  const before = await reader.messaging.admin.endOffsets(topic);
  const deadLetters = `${topic}.processor-provider-events.dlq`;
  return await checkProviderEvents(
    {
      records: readTopic(reader, { topic, before, deadLetters }),
      published: readPublishedEvents(pictures.gateway),
      eventsNow: (keys) => findEventsByKey(pictures.gatewayNow, keys),
      processedBefore: booksAreBehind ? [] : processed.events,
      isProcessed: chain.isToldProcessed,
    },
    differences,
  );
}

async function checkEmails(
  reader: TopicReader,
  { notifier, notifications, takenAt }: Pictures,
  books: Transaction,
): Promise<void> {
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
    await checkNotified(
      records.filter(({ isPutAside }) => !isPutAside),
      books,
      reader.differences,
    );
    for (const { value, isPutAside } of records) {
      if (!isPutAside && value.occurredAt > since) emails.expect(emailRow(value));
    }
  }
  await emails.finish();
}

function digestOf(text: string): bigint {
  return hash('sha1', text, 'buffer').readBigUInt64LE(0);
}

/** In whose name customers are told of it: of a report, which only tells them what it ends, the pay-out's. */
function nameOf({ operation, operationId, paymentId }: OperationRow): string {
  return operation === 'report' ? paymentId : operationId;
}

/** Each tells of a decision at the place where the books have it. */
async function checkNotified(
  records: readonly Decoded<CustomerNotification>[],
  books: Transaction,
  differences: Differences,
): Promise<void> {
  for (let start = 0; start < records.length; start += LOOKUP_SIZE_MAX) {
    const some = records.slice(start, start + LOOKUP_SIZE_MAX);
    const rows = await findByPlace(
      books,
      some.map(({ value }) => value),
    );
    const told = new Set(rows.map((row) => `${nameOf(row)} ${row.ledgerNumber}/${row.index}`));
    for (const { value, partition, offset } of some) {
      const { operationId, ledgerNumber, ledgerIndex } = value;
      if (told.has(`${operationId} ${ledgerNumber}/${ledgerIndex}`)) continue;
      const topic = 'customer.notification';
      differences.add({ kind: 'record_without_origin', topic, partition, offset, operationId });
    }
  }
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
