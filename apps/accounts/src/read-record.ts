// Decides what each record of payment.processed is: an instruction to the books, or a dead letter with its reason.
import type { Reading } from '@paystream/ledger';
import { illegal, readOperation } from '@paystream/ledger';
import type { Codec, DeadLetterClass, IncomingRecord } from '@paystream/messaging';
import { keyOfOperation } from '@paystream/payments';
import type { PaymentProcessed } from '@paystream/topics';

export const TOPIC = 'payment.processed';

/** Ours have a few thousand. One near the broker's limit of a megabyte would settle as an event that goes beyond it. */
const VALUE_BYTES_MAX = 256_000;

/** A record with what it was read as. */
export interface ReadRecord {
  readonly record: IncomingRecord;
  /** Null when its bytes are not a value of the topic. */
  readonly event: PaymentProcessed | null;
  readonly reading: Reading;
  /** Class of its dead letter, should it not be legal. */
  readonly deadLetterClass: DeadLetterClass;
}

/** Reads one record; whatever it holds, this never throws. `codec.prepare` has to have seen it. */
export function readRecord(record: IncomingRecord, codec: Codec): ReadRecord {
  if (record.value !== null && record.value.length > VALUE_BYTES_MAX) {
    const reading = illegal(`it has more than ${VALUE_BYTES_MAX} bytes`);
    return { record, event: null, reading, deadLetterClass: 'business' };
  }
  const decoded = codec.decode(TOPIC, record.value);
  if (!decoded.ok) {
    return { record, event: null, reading: illegal(decoded.reason), deadLetterClass: decoded.class };
  }
  const event = decoded.value;
  return { record, event, reading: readEvent(event, record), deadLetterClass: 'business' };
}

function readEvent(event: PaymentProcessed, { key, partition }: IncomingRecord): Reading {
  const reading = readOperation(event, partition);
  // Under another key its order among the customer's other operations would be chance.
  if (reading.legal && key?.toString() !== keyOfOperation(event))
    return illegal('its key is not that of its operation');
  return reading;
}
