// Turns the topic folders into an AsyncAPI 3 document, for readers and tools outside this project.
import type { Example } from './examples.ts';
import type { TopicFolder } from './topic-folders.ts';

const KAFKA_BINDING_VERSION = '0.5.0';
const AVRO_FORMAT = 'application/vnd.apache.avro+json;version=1.9.0';

/** Headers each record carries besides its value. */
const HEADERS = {
  type: 'object',
  required: ['ce_specversion', 'ce_id', 'ce_type', 'ce_source', 'ce_time', 'environment'],
  properties: {
    ce_specversion: { type: 'string', const: '1.0' },
    ce_id: text('CloudEvents id; equal ids are the same event.'),
    ce_type: text('CloudEvents type: the topic.'),
    ce_source: text('CloudEvents source: the app that wrote it.'),
    ce_time: text('CloudEvents time, RFC 3339, UTC.'),
    ce_subject: text('What it is about: the operation or object id.'),
    causation_id: text('Id of the event that caused this one.'),
    correlation_id: text('Id shared by all that follows from one request.'),
    merchant_id: text('mer_…'),
    environment: { type: 'string', enum: ['test', 'live'] },
    producer_version: text('Version of the app that wrote it.'),
    traceparent: text('W3C trace context.'),
  },
};

export interface DocumentedTopic {
  topic: TopicFolder;
  examples: readonly Example[];
}

/** Renders topics/asyncapi.json. */
export function renderAsyncApi(topics: readonly DocumentedTopic[], version: string): string {
  const document = {
    asyncapi: '3.0.0',
    info: {
      title: 'Paystream',
      version,
      description:
        'Events of a payment system on Apache Kafka. Values are Avro in Confluent wire format, subject <topic>-value, compatibility FULL_TRANSITIVE. Read with isolation.level=read_committed.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/vnd.apache.avro',
    channels: Object.fromEntries([...topics.map(channelOf), ['deadLetters', deadLetterChannel()]]),
    operations: Object.fromEntries(topics.map(operationOf)),
    components: {
      messages: { ...Object.fromEntries(topics.map(messageOf)), DeadLetter: deadLetterMessage() },
      schemas: { Headers: HEADERS },
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function channelOf({ topic: { settings, schema } }: DocumentedTopic): [string, object] {
  const channel = {
    address: settings.name,
    title: settings.name,
    summary: schema.doc,
    description: `Written by ${settings.writtenBy.join(', ')}; read by ${settings.readBy.join(', ')}.`,
    messages: { [schema.name]: { $ref: `#/components/messages/${schema.name}` } },
    bindings: {
      kafka: {
        topic: settings.name,
        // The count that payment topics share is chosen when the cluster is set up.
        ...(settings.partitions === 'payment' ? {} : { partitions: settings.partitions }),
        topicConfiguration: { 'cleanup.policy': [settings.cleanupPolicy], 'retention.ms': settings.retentionMs },
        bindingVersion: KAFKA_BINDING_VERSION,
      },
    },
  };
  return [channelNameOf(settings.name), channel];
}

function operationOf({ topic: { settings, schema } }: DocumentedTopic): [string, object] {
  const channel = channelNameOf(settings.name);
  const operation = {
    action: 'receive',
    channel: { $ref: `#/channels/${channel}` },
    summary: `Subscribe to ${settings.name}.`,
    messages: [{ $ref: `#/channels/${channel}/messages/${schema.name}` }],
  };
  return [`receive${schema.name}`, operation];
}

function messageOf({ topic: { settings, schema }, examples }: DocumentedTopic): [string, object] {
  const message = {
    name: schema.name,
    title: schema.name,
    summary: schema.doc,
    contentType: 'application/vnd.apache.avro',
    headers: { $ref: '#/components/schemas/Headers' },
    payload: { schemaFormat: AVRO_FORMAT, schema },
    bindings: {
      kafka: {
        key: text(settings.key),
        schemaIdLocation: 'payload',
        schemaIdPayloadEncoding: 'confluent',
        schemaLookupStrategy: 'TopicIdStrategy',
        bindingVersion: KAFKA_BINDING_VERSION,
      },
    },
    examples: examples.map(({ name, value }) => ({ name, payload: value })),
  };
  return [schema.name, message];
}

function deadLetterChannel(): object {
  return {
    address: '{topic}.{reader}.dlq',
    title: 'Dead letters',
    summary: 'What a reader could not handle: the original bytes and headers, and the reason.',
    parameters: {
      topic: { description: 'Topic the record came from.' },
      reader: { description: 'App that could not handle it.' },
    },
    messages: { DeadLetter: { $ref: '#/components/messages/DeadLetter' } },
  };
}

function deadLetterMessage(): object {
  return {
    name: 'DeadLetter',
    summary: 'The original record; its headers are kept and those below added.',
    contentType: 'application/octet-stream',
    headers: {
      type: 'object',
      properties: {
        dlq_topic: text('Topic the record came from.'),
        dlq_partition: text('Its partition.'),
        dlq_offset: text('Its offset.'),
        dlq_reason: text('Why it could not be handled.'),
        dlq_class: { type: 'string', enum: ['transient', 'permanent', 'poison', 'schema', 'business'] },
        dlq_attempts: text('How often it was tried.'),
        dlq_first_at: text('When it was first tried.'),
        dlq_last_error: text('The last error.'),
        dlq_consumer_version: text('Version of the app that gave it up.'),
      },
    },
  };
}

function channelNameOf(topic: string): string {
  return topic.replace(/\.([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

function text(description: string): { type: 'string'; description: string } {
  return { type: 'string', description };
}
