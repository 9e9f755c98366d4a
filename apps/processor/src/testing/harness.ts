// Gives the processor's tests topics of their own: asks on payment.requested, and collects what is answered.
import type { IncomingRecord, Messaging, OutgoingRecord } from '@paystream/messaging';
import { deadLetterTopic, eventHeaders } from '@paystream/messaging';
import { keyOfOperation } from '@paystream/payments';
import type { RunningApp } from '@paystream/runtime';
import { waitFor } from '@paystream/runtime';
import { createLogger, createMetrics } from '@paystream/telemetry';
import { createTestMessaging } from '@paystream/testkit';
import type { FxRate, MerchantUpdated, PaymentProcessed, PaymentRequested, ProviderEvent } from '@paystream/topics';
import type { ProcessorOptions } from '../app.ts';
import { startProcessor } from '../app.ts';
import { RATE_TOPIC } from '../on-fx-rate.ts';
import { GROUP_ID } from '../on-payment-requested.ts';
import { PROVIDER_GROUP_ID, PROVIDER_TOPIC } from '../on-provider-event.ts';

const REQUESTED = 'payment.requested';
const PROCESSED = 'payment.processed';
const DEAD_LETTERS = deadLetterTopic(REQUESTED, GROUP_ID);
const PROVIDER_DEAD_LETTERS = deadLetterTopic(PROVIDER_TOPIC, PROVIDER_GROUP_ID);
const ANSWER_DEADLINE_MS = 30_000;
const RATE_AGE_MAX_SECONDS = 5 * 86_400;

export interface Answered {
  record: IncomingRecord;
  value: PaymentProcessed;
}

export type InstanceOptions = Partial<Pick<ProcessorOptions, 'merchantWaitMsMax' | 'rateAgeMaxSeconds' | 'screening'>>;

export interface Harness {
  messaging: Messaging;
  topicPrefix: string;
  /** What counts of payment.processed so far: the first record of each (operation, pass). */
  processed: readonly Answered[];
  /** The first dead letter of each record. */
  deadLetters: readonly IncomingRecord[];
  learn(update: MerchantUpdated): Promise<void>;
  learnRate(rate: FxRate): Promise<void>;
  ask(requests: readonly PaymentRequested[]): Promise<void>;
  tell(events: readonly ProviderEvent[]): Promise<void>;
  publish(records: readonly OutgoingRecord[]): Promise<void>;
  /** Resolves when this many records are answered in all, one way or the other; those answered twice count once. */
  untilAnswered(count: number): Promise<void>;
  /** One more instance of the processor, in this process. */
  startInstance(options?: InstanceOptions): Promise<RunningApp>;
  close(): Promise<void>;
}

export async function createHarness({ partitions }: { partitions: number }): Promise<Harness> {
  const { messaging, topicPrefix, fatalErrors, close } = await createTestMessaging({ partitions });
  const publisher = messaging.createPublisher();
  const processed: Answered[] = [];
  const deadLetters: IncomingRecord[] = [];
  const instances: RunningApp[] = [];
  const clients: { close(): Promise<void> }[] = [];

  const seen = new Set<string>();
  const isFirst = (name: string): boolean => !seen.has(name) && seen.add(name).has(name);
  const collect = async (records: IncomingRecord[]): Promise<void> => {
    await messaging.codec.prepare(PROCESSED, records);
    for (const record of records) {
      const decoded = record.topic === PROCESSED ? messaging.codec.decode(PROCESSED, record.value) : null;
      if (decoded === null) {
        if (isFirst(sourceOf(record))) deadLetters.push(record);
      } else if (!decoded.ok) {
        throw new Error(`payment.processed cannot be read: ${decoded.reason}`);
      } else if (isFirst(`${decoded.value.operationId}/${decoded.value.pass}`)) {
        processed.push({ record, value: decoded.value });
      }
    }
  };
  const topics = [PROCESSED, DEAD_LETTERS, PROVIDER_DEAD_LETTERS];
  const follower = await messaging.follow({ topics, from: 'earliest', onRecords: collect });
  const publish = async (records: readonly OutgoingRecord[]): Promise<void> => void (await publisher.publish(records));

  return {
    messaging,
    topicPrefix,
    processed,
    deadLetters,
    publish,
    learn: async (update) => {
      const value = messaging.codec.encode('merchant.updated', update);
      await publish([
        { topic: 'merchant.updated', partition: 0, key: Buffer.from(update.merchantId), value, headers: {} },
      ]);
    },
    learnRate: async (rate) => {
      const value = messaging.codec.encode(RATE_TOPIC, rate);
      const key = Buffer.from(`${rate.baseCurrency}/${rate.quoteCurrency}`);
      await publish([{ topic: RATE_TOPIC, partition: 0, key, value, headers: {} }]);
    },
    tell: (events) =>
      publish(
        events.map((event) => ({
          topic: PROVIDER_TOPIC,
          partition: null,
          key: Buffer.from(event.providerReference),
          value: messaging.codec.encode(PROVIDER_TOPIC, event),
          headers: {},
        })),
      ),
    ask: (requests) => publish(requests.map((request) => toRecord(request, messaging))),
    untilAnswered: async (count) => {
      const isDone = (): boolean => {
        if (fatalErrors.length > 0) throw fatalErrors[0];
        return processed.length + deadLetters.length >= count;
      };
      await waitFor(isDone, { what: `${count} answers of the processor`, deadlineMs: ANSWER_DEADLINE_MS });
    },
    startInstance: async (options = {}) => {
      const own = await createTestMessaging({ topicPrefix });
      const logger = createLogger({ name: 'processor', level: 'warn' });
      const metrics = createMetrics({ app: 'processor' });
      const health = { host: '127.0.0.1', port: 0 };
      const { signal } = new AbortController();
      const app = await startProcessor({
        ...{ messaging: own.messaging, metrics, logger, health, signal },
        rateAgeMaxSeconds: RATE_AGE_MAX_SECONDS,
        screening: null,
        ...options,
      });
      clients.push(own);
      instances.push(app);
      await waitFor(() => app.ready(), { what: 'the processor to be ready', deadlineMs: ANSWER_DEADLINE_MS });
      return app;
    },
    close: async () => {
      for (const instance of instances) await instance.stop();
      for (const client of clients) await client.close();
      await follower.stop();
      await publisher.close();
      await messaging.admin.deleteTopics();
      await close();
    },
  };
}

/** The place of the record that a dead letter is of. */
function sourceOf({ headers }: IncomingRecord): string {
  return `${headers['dlq_topic']}/${headers['dlq_partition']}/${headers['dlq_offset']}`;
}

/** A request as the gateway publishes it, with the trail that has to reach payment.processed. */
export function toRecord(request: PaymentRequested, { codec }: Messaging): OutgoingRecord {
  const { operationId, merchantId, environment } = request;
  return {
    topic: REQUESTED,
    partition: null,
    key: Buffer.from(keyOfOperation(request)),
    value: codec.encode(REQUESTED, request),
    headers: eventHeaders({
      id: `evt_${operationId}`,
      type: REQUESTED,
      source: 'gateway',
      timeMicros: request.requestedAt,
      subject: operationId,
      merchantId,
      environment,
      correlationId: `request-of-${operationId}`,
      causationId: null,
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      producerVersion: 'test',
    }),
  };
}
