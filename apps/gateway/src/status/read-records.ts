// Reads records of a topic into values, and puts aside, with the reason, what cannot be read or cannot be right.
import type { Codec, IncomingRecord, Publisher } from '@paystream/messaging';
import { deadLetter } from '@paystream/messaging';
import type { TopicName, TopicValues } from '@paystream/topics';
import { PRODUCER_VERSION } from '../publish/source.ts';

const READER = 'gateway';
/** Records remembered as put aside: more than any batch that may be tried again holds. */
const REMEMBERED_MAX = 10_000;

export interface RecordReaderOptions<Topic extends TopicName> {
  topic: Topic;
  codec: Codec;
  /** For dead letters, which are rare. */
  publisher: Publisher;
  /** Why a value that can be read cannot be right; undefined when it can. */
  faultOf(value: TopicValues[Topic]): string | undefined;
}

export interface RecordReader<Value> {
  /** The values of the records that are right; the others are dead letters when it resolves. */
  read(records: readonly IncomingRecord[]): Promise<Value[]>;
  /** Puts one aside that could be read and cannot be stored. */
  refuse(record: IncomingRecord, error: unknown): Promise<void>;
}

export function createRecordReader<Topic extends TopicName>(
  options: RecordReaderOptions<Topic>,
): RecordReader<TopicValues[Topic]> {
  const { topic, codec, publisher, faultOf } = options;
  const putAside = createPuttingAside(publisher);
  return {
    read: async (records) => {
      const values: TopicValues[Topic][] = [];
      const deadLetters: DeadLetter[] = [];
      for (const record of records) {
        const decoded = codec.decode(topic, record.value);
        const fault = decoded.ok ? faultOf(decoded.value) : undefined;
        if (!decoded.ok) deadLetters.push(toDeadLetter(record, decoded));
        else if (fault !== undefined) deadLetters.push(toDeadLetter(record, { class: 'permanent', reason: fault }));
        else values.push(decoded.value);
      }
      await putAside(deadLetters);
      return values;
    },
    refuse: (record, error) =>
      putAside([toDeadLetter(record, { class: 'permanent', reason: 'it cannot be stored', error })]),
  };
}

/**
 * Publishes dead letters before the commit that passes them by, so that none is lost. A batch that is tried again, or
 * halved, publishes none twice; only a crash in between can.
 */
function createPuttingAside(publisher: Publisher): (deadLetters: readonly DeadLetter[]) => Promise<void> {
  let done = new Set<string>();
  const nameOf = ({ headers }: DeadLetter) => `${String(headers['dlq_partition'])}:${String(headers['dlq_offset'])}`;
  return async (deadLetters) => {
    const fresh = deadLetters.filter((letter) => !done.has(nameOf(letter)));
    if (fresh.length === 0) return;
    await publisher.publish(fresh);
    if (done.size > REMEMBERED_MAX) done = new Set();
    for (const letter of fresh) done.add(nameOf(letter));
  };
}

type DeadLetter = ReturnType<typeof deadLetter>;

interface Why {
  class: 'permanent' | 'poison' | 'schema';
  reason: string;
  error?: unknown;
}

function toDeadLetter(record: IncomingRecord, { class: kind, reason, error }: Why): DeadLetter {
  return deadLetter(record, { reader: READER, class: kind, reason, error, consumerVersion: PRODUCER_VERSION });
}
