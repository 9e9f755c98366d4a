// Reads the examples in a topic's folder and holds them against its schema, field by field.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { AvroRecord, AvroType } from './avro.ts';
import { isArrayType, isNullable, isRecord, isTimestamp, visitRecords } from './avro.ts';
import type { TopicFolder } from './topic-folders.ts';

export interface Example {
  /** File name without its ending. */
  name: string;
  /** The value in JSON as a subscriber sees it: longs and times are numbers, null is null. */
  value: unknown;
}

/** The examples of a topic, sorted by name. */
export function readExamples({ folder }: TopicFolder): Example[] {
  const examples = new URL('examples/', folder);
  if (!existsSync(examples)) return [];
  return readdirSync(examples)
    .filter((file) => file.endsWith('.json'))
    .toSorted()
    .map((file) => ({
      name: file.slice(0, -'.json'.length),
      value: JSON.parse(readFileSync(new URL(file, examples), 'utf8')) as unknown,
    }));
}

/** What in an example does not fit the schema: missing and unknown fields, wrong types. Empty when it fits. */
export function exampleFaults(schema: AvroRecord, value: unknown): string[] {
  const faults: string[] = [];
  const records = new Map<string, AvroRecord>();
  visitRecords(schema, (record) => records.set(`paystream.${record.name}`, record));

  const check = (type: AvroType, part: unknown, path: string): void => {
    const target = typeof type === 'string' ? (records.get(type) ?? type) : type;
    if (isNullable(target)) {
      if (part !== null) check(target[1], part, path);
    } else if (isRecord(target)) checkRecord(target, part, path);
    else if (isArrayType(target)) {
      if (Array.isArray(part)) part.forEach((item, index) => check(target.items, item, `${path}[${index}]`));
      else faults.push(`${path}: must be an array`);
    } else if (!fitsPrimitive(isTimestamp(target) ? 'long' : target, part)) {
      faults.push(`${path}: must be ${JSON.stringify(target)}`);
    }
  };
  const checkRecord = (record: AvroRecord, part: unknown, path: string): void => {
    if (typeof part !== 'object' || part === null) {
      faults.push(`${path}: must be a record`);
      return;
    }
    const given = new Map(Object.entries(part));
    for (const field of record.fields) {
      const at = path === '' ? field.name : `${path}.${field.name}`;
      if (given.has(field.name)) check(field.type, given.get(field.name), at);
      else faults.push(`${at}: missing`);
      given.delete(field.name);
    }
    for (const name of given.keys()) faults.push(`${path === '' ? name : `${path}.${name}`}: not in the schema`);
  };
  checkRecord(schema, value, '');
  return faults;
}

function fitsPrimitive(type: string, value: unknown): boolean {
  if (type === 'string' || type === 'boolean') return typeof value === type;
  if (type === 'int') return Number.isInteger(value) && Math.abs(value as number) < 2 ** 31;
  // JSON numbers are exact as far as safe integers go, and examples stay below.
  return Number.isSafeInteger(value);
}
