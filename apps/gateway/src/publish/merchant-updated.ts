// Publishes merchants' settings in the order of their versions, from the table that is also their outbox.
import type { Database } from '@paystream/database';
import type { Codec, OutgoingRecord, Publisher } from '@paystream/messaging';
import { eventHeaders } from '@paystream/messaging';
import { derivedId } from '@paystream/payments';
import type { MerchantUpdated } from '@paystream/topics';
import { lockUnpublishedMerchants } from '../store/lock-unpublished-merchants.ts';
import { markMerchantsPublished } from '../store/mark-merchants-published.ts';
import { PRODUCER_VERSION, SOURCE } from './source.ts';

const TOPIC = 'merchant.updated';
const VERSIONS_MAX = 500;

export interface PublishMerchantsOptions {
  database: Database;
  codec: Codec;
  publisher: Publisher;
}

/** Publishes what no gateway has published yet; one gateway at a time, or versions could overtake each other. */
export async function publishMerchants({ database, codec, publisher }: PublishMerchantsOptions): Promise<void> {
  await database.transaction(async (transaction) => {
    const versions = await lockUnpublishedMerchants(transaction, VERSIONS_MAX);
    if (versions.length === 0) return;
    await publisher.publish(versions.map((version) => toMerchantUpdated(codec, version)));
    await markMerchantsPublished(transaction, versions);
  });
}

function toMerchantUpdated(codec: Codec, merchant: MerchantUpdated): OutgoingRecord {
  const { merchantId, environment, version, updatedAt } = merchant;
  const headers = eventHeaders({
    id: derivedId('evt', merchantId, `${TOPIC}:${environment}:${version}`),
    type: TOPIC,
    source: SOURCE,
    timeMicros: updatedAt,
    subject: merchantId,
    merchantId,
    environment,
    correlationId: merchantId,
    causationId: null,
    producerVersion: PRODUCER_VERSION,
  });
  return { topic: TOPIC, partition: null, key: Buffer.from(merchantId), value: codec.encode(TOPIC, merchant), headers };
}
