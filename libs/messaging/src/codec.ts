// Turns topic values into Avro bytes in Confluent wire format and back, and says of bytes it cannot read why not.
import type avsc from 'avsc';
import type { TopicName, TopicValues } from '@paystream/topics';
import { catalogue, isTopicName, subjectOf, topicNames } from '@paystream/topics';
import { avroType } from './avro-types.ts';
import type { Registry } from './registry.ts';
import { createRegistry } from './registry.ts';

/** Confluent wire format: this byte, the writer's schema id as four bytes big-endian, then the Avro value. */
const MAGIC_BYTE = 0;
const HEADER_BYTES = 5;
/** Encoded values are cut from slabs of this size, so that encoding a record allocates and copies nothing. */
const SLAB_BYTES = 262_144;
/** How long an id the registry does not know is taken as unknown before it is asked again. */
const UNKNOWN_SCHEMA_TTL_MS = 30_000;

/** What became of bytes: a value, or the reason why there will never be one. */
export type Decoded<T> = { ok: true; value: T } | { ok: false; class: 'poison' | 'schema'; reason: string };

export interface Codec {
  /**
   * Looks up the ids of all topics' schemas; to be called once before encode or decode. Never registers.
   * @throws SchemasMissingError when some are not registered; RegistryUnavailableError when it is worth trying again
   */
  connect(): Promise<void>;
  /**
   * Encodes a value, synchronously, in Confluent wire format.
   * @throws Error naming topic and field when the value does not fit the schema: a fault of the program
   */
  encode<T extends TopicName>(topic: T, value: TopicValues[T]): Buffer;
  /**
   * Makes decode ready for these records: looks up writers' schemas not met before, each once.
   * @throws RegistryUnavailableError; the batch is to be tried again
   */
  prepare(topic: string, records: readonly { value: Buffer | null }[]): Promise<void>;
  /**
   * Decodes bytes, synchronously, whatever they are; a value that cannot be read is an answer, not an error.
   * @throws Error only when prepare has not seen the record: a fault of the program
   */
  decode<T extends TopicName>(topic: T, value: Buffer | null): Decoded<TopicValues[T]>;
}

/** Some topics' schemas are not registered as this version of the program has them; thrown by connect, to be told by its code. */
class SchemasMissingError extends Error {
  readonly code = 'schemas_missing';
  readonly retriable = false;
}

/** How to read what one schema id wrote, or why that cannot be done until a time. */
type Reader = { resolver: avsc.Resolver | undefined } | { reason: string; untilMs: number };

interface TopicCodec {
  type: avsc.Type;
  ownId: number | null;
  readers: Map<number, Reader>;
}

/** A codec on a registry, for every topic of the catalogue. Nothing is looked up before `connect`. */
export function createCodec({ registryUrl, clientId }: { registryUrl: string; clientId: string }): Codec {
  const registry = createRegistry({ url: registryUrl, clientId });
  const codecs = new Map(topicNames.map((topic) => [topic, newTopicCodec(topic)]));
  const codecOf = (topic: TopicName): TopicCodec => {
    const codec = codecs.get(topic);
    if (codec === undefined) throw new Error(`no topic named ${topic} in topics/`);
    return codec;
  };
  const write = createSlabWriter();

  return {
    connect: () => connectAll(registry, codecs),
    encode: (topic, value) => {
      const { ownId, type } = codecOf(topic);
      if (ownId === null) throw new Error(`codec.connect() has to succeed before ${topic} is encoded`);
      try {
        return write(ownId, type, value);
      } catch (error) {
        throw new Error(`the value does not fit the schema of ${topic}: ${faultyFields(type, value)}`, {
          cause: error,
        });
      }
    },
    prepare: async (topic, records) => {
      if (!isTopicName(topic)) return;
      const codec = codecOf(topic);
      await Promise.all(idsToLookUp(codec, records).map((id) => learn(registry, codec, id)));
    },
    // The type is built from the schema that TopicValues is generated from.
    decode: <T extends TopicName>(topic: T, value: Buffer | null) =>
      decodeWith(codecOf(topic), topic, value) as Decoded<TopicValues[T]>,
  };
}

function newTopicCodec(topic: TopicName): TopicCodec {
  return { type: avroType(JSON.parse(catalogue[topic].schema)), ownId: null, readers: new Map() };
}

async function connectAll(registry: Registry, codecs: ReadonlyMap<TopicName, TopicCodec>): Promise<void> {
  const missing: string[] = [];
  const connectOne = async ([topic, codec]: readonly [TopicName, TopicCodec]): Promise<void> => {
    const id = await registry.idOf(subjectOf(topic), catalogue[topic].schema);
    codec.ownId = id;
    if (id === null) missing.push(subjectOf(topic));
    else codec.readers.set(id, { resolver: undefined });
  };
  await Promise.all([...codecs].map(connectOne));
  if (missing.length === 0) return;
  throw new SchemasMissingError(
    `the registry lacks this version's schema of ${missing.toSorted().join(', ')}; ` +
      'run `npx paystream up`, or apply the topics to your own cluster first',
  );
}

function createSlabWriter(): (id: number, type: avsc.Type, value: unknown) => Buffer {
  let slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  let used = 0;
  return (id, type, value) => {
    let end = type.encode(value, slab, used + HEADER_BYTES);
    if (end < 0) {
      // The slab is full; avsc answers with the bytes that lacked, negative. A new one has room for this value at least.
      const neededBytes = slab.length - end - used;
      slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, neededBytes));
      used = 0;
      end = type.encode(value, slab, HEADER_BYTES);
    }
    slab[used] = MAGIC_BYTE;
    slab.writeUInt32BE(id, used + 1);
    const encoded = slab.subarray(used, end);
    used = end;
    return encoded;
  };
}

function idsToLookUp(codec: TopicCodec, records: readonly { value: Buffer | null }[]): number[] {
  const ids = new Set<number>();
  let last = codec.ownId;
  for (const { value } of records) {
    const id = schemaIdOf(value);
    if (id === null || id === last) continue;
    last = id;
    const reader = codec.readers.get(id);
    if (reader === undefined || ('untilMs' in reader && reader.untilMs <= Date.now())) ids.add(id);
  }
  return [...ids];
}

function schemaIdOf(value: Buffer | null): number | null {
  return value === null || value.length < HEADER_BYTES || value[0] !== MAGIC_BYTE ? null : value.readUInt32BE(1);
}

async function learn(registry: Registry, codec: TopicCodec, id: number): Promise<void> {
  const writer = await registry.typeOf(id);
  codec.readers.set(id, readerFor(codec.type, writer, id));
}

function readerFor(type: avsc.Type, writer: avsc.Type | null, id: number): Reader {
  if (writer === null) {
    return { reason: `schema id ${id} is not in the registry`, untilMs: Date.now() + UNKNOWN_SCHEMA_TTL_MS };
  }
  try {
    return { resolver: type.createResolver(writer) };
  } catch (error) {
    return { reason: `schema id ${id} cannot be read as ${type.name}: ${String(error)}`, untilMs: Infinity };
  }
}

function decodeWith(codec: TopicCodec, topic: TopicName, value: Buffer | null): Decoded<unknown> {
  if (value === null) return poison('the value is null');
  const id = schemaIdOf(value);
  if (id === null) return poison(`not Confluent wire format: ${value.length} bytes, first ${value[0] ?? 'none'}`);
  const reader = codec.readers.get(id);
  if (reader === undefined) throw new Error(`codec.prepare() has to see the records of ${topic} before decode does`);
  if ('reason' in reader) return { ok: false, class: 'schema', reason: reader.reason };
  try {
    const read: { value: unknown; offset: number } = codec.type.decode(value, HEADER_BYTES, reader.resolver);
    if (read.offset < 0) return poison('the value ends before its schema does');
    if (read.offset < value.length) return poison(`${value.length - read.offset} bytes follow the value`);
    return { ok: true, value: read.value };
  } catch (error) {
    return poison(`not a value of schema id ${id}: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
}

function poison(reason: string): { ok: false; class: 'poison'; reason: string } {
  return { ok: false, class: 'poison', reason };
}

/** Paths of the fields at fault; not their values, which may be anybody's. */
function faultyFields(type: avsc.Type, value: unknown): string {
  const paths: string[] = [];
  type.isValid(value, {
    errorHook: (path) => {
      paths.push(path.join('.'));
    },
  });
  return paths.join(', ');
}
