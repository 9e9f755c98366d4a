// Publishes what a crash or an absent broker left in the outbox; any number of gateways may do so at once.
import type { Database } from '@paystream/database';
import type { Codec, Publisher } from '@paystream/messaging';
import type { Logger } from '@paystream/telemetry';
import type { GatewayMetrics } from '../metrics.ts';
import type { Chore } from '../rounds.ts';
import { deleteUnpublished } from '../store/delete-unpublished.ts';
import { lockUnpublished } from '../store/lock-unpublished.ts';
import { publishMerchants } from './merchant-updated.ts';
import { publishProviderEvents } from './provider-event.ts';
import { toPaymentRequested } from './payment-requested.ts';

/** Younger rows are in the hands of the gateway that wrote them. */
const UNPUBLISHED_AGE_MS_MIN = 5_000;
const RELAY_OPERATIONS_MAX = 2_000;

export interface RelayOptions {
  database: Database;
  codec: Codec;
  /** Not the outlet's: a broker that is coming back is tried by one of them at a time. */
  publisher: Publisher;
  logger: Logger;
  metrics: GatewayMetrics;
}

/** Operations, merchants' settings and providers' events, apart. */
export function relayChores(options: RelayOptions): Chore[] {
  return [
    {
      what: 'relaying operations',
      isDue: ({ unpublishedOldestMs }) => unpublishedOldestMs > UNPUBLISHED_AGE_MS_MIN,
      work: async () => {
        while ((await relayGroup(options)) === RELAY_OPERATIONS_MAX);
      },
    },
    {
      what: "publishing merchants' settings",
      isDue: ({ hasUnpublishedMerchants }) => hasUnpublishedMerchants,
      work: () => publishMerchants(options),
    },
    {
      what: "publishing providers' events",
      isDue: ({ hasUnpublishedEvents }) => hasUnpublishedEvents,
      work: () => publishProviderEvents(options),
    },
  ];
}

/** Publishes one group and takes it out of the outbox; gives its size. The rows stay locked for as long as the send takes. */
async function relayGroup({ database, codec, publisher, logger, metrics }: RelayOptions): Promise<number> {
  const count = await database.transaction(async (transaction) => {
    const rows = await lockUnpublished(transaction, { ageMs: UNPUBLISHED_AGE_MS_MIN, limit: RELAY_OPERATIONS_MAX });
    if (rows.length === 0) return 0;
    await publisher.publish(rows.map(({ operation }) => toPaymentRequested(codec, operation)));
    await deleteUnpublished(
      transaction,
      rows.map(({ uuid }) => uuid),
    );
    return rows.length;
  });
  if (count > 0) {
    metrics.relayed.inc(count);
    logger.info({ count }, 'operations left unpublished were published');
  }
  return count;
}
