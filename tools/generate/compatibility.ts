// Decides offline whether two versions of a schema can read each other's records, field by field, as FULL_TRANSITIVE asks.
import type { AvroField, AvroRecord, AvroType } from './avro.ts';
import { isArrayType, isNullable, isPrimitive, isRecord, isTimestamp, visitRecords } from './avro.ts';

/** One reason why records of one version cannot be read by the other. */
export interface Incompatibility {
  /** Path of the field, as `fees[].amountMinor`. */
  path: string;
  problem: string;
}

/**
 * Compares both ways: new readers on old records, and old readers on new ones. It knows the part of Avro's resolution
 * rules that our schemas can use (records, arrays, four primitives, unions with null); the registry judges again.
 *
 * @returns an empty list when both can read each other
 */
export function incompatibilities(older: AvroRecord, newer: AvroRecord): Incompatibility[] {
  return [
    ...unreadable(older, newer, 'the new version', 'the old'),
    ...unreadable(newer, older, 'the old version', 'the new'),
  ];
}

function unreadable(writer: AvroRecord, reader: AvroRecord, readerName: string, writerName: string): Incompatibility[] {
  const found: Incompatibility[] = [];
  const written = recordsByName(writer);
  const read = recordsByName(reader);
  const compared = new Set<string>();

  const compareRecords = (from: AvroRecord, to: AvroRecord, path: string): void => {
    // A record used in several places is judged at the first.
    if (compared.has(to.name)) return;
    compared.add(to.name);
    for (const field of to.fields) {
      const at = path === '' ? field.name : `${path}.${field.name}`;
      const source = from.fields.find(({ name }) => name === field.name);
      if (source !== undefined) compareTypes(source.type, field.type, at);
      else if (!hasDefault(field)) {
        found.push({
          path: at,
          problem: `${readerName} needs it and ${writerName} does not write it; make it nullable with default null`,
        });
      }
    }
  };

  const compareTypes = (from: AvroType, to: AvroType, path: string): void => {
    const source = resolve(from, written);
    const target = resolve(to, read);
    if (isNullable(source) && !isNullable(target)) {
      found.push({ path, problem: `${writerName} may write null, which ${readerName} refuses` });
      return;
    }
    const sourceValue = isNullable(source) ? resolve(source[1], written) : source;
    const targetValue = isNullable(target) ? resolve(target[1], read) : target;
    if (isRecord(sourceValue) && isRecord(targetValue) && sourceValue.name === targetValue.name) {
      compareRecords(sourceValue, targetValue, path);
    } else if (isArrayType(sourceValue) && isArrayType(targetValue)) {
      compareTypes(sourceValue.items, targetValue.items, `${path}[]`);
    } else if (typeLabel(sourceValue) !== typeLabel(targetValue)) {
      found.push({
        path,
        problem: `${writerName} writes ${typeLabel(sourceValue)}, ${readerName} reads ${typeLabel(targetValue)}`,
      });
    }
  };

  if (writer.name !== reader.name || writer.namespace !== reader.namespace) {
    found.push({
      path: '',
      problem: `the record is called ${writer.name} in ${writerName} and ${reader.name} in ${readerName}`,
    });
  } else compareRecords(writer, reader, '');
  return found;
}

function recordsByName(root: AvroRecord): Map<string, AvroRecord> {
  const records = new Map<string, AvroRecord>();
  visitRecords(root, (record) => records.set(`${root.namespace ?? ''}.${record.name}`, record));
  return records;
}

function resolve(type: AvroType, records: ReadonlyMap<string, AvroRecord>): AvroType {
  return typeof type === 'string' ? (records.get(type) ?? type) : type;
}

function hasDefault(field: AvroField): boolean {
  return Object.hasOwn(field, 'default');
}

function typeLabel(type: AvroType): string {
  if (isRecord(type)) return `record ${type.name}`;
  if (isArrayType(type)) return 'array';
  if (isTimestamp(type)) return 'timestamp-micros';
  return isPrimitive(type) ? type : JSON.stringify(type);
}
