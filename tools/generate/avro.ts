// Owns the shape of the Avro schemas this project allows itself: records, arrays, four primitives, and unions only with null.

/** The primitives version 1 of our schemas may use; codes are strings, money and times are longs. */
export type AvroPrimitive = 'string' | 'long' | 'int' | 'boolean';

export interface AvroField {
  name: string;
  type: AvroType;
  doc?: string;
  default?: null;
}

export interface AvroRecord {
  type: 'record';
  name: string;
  namespace?: string;
  doc?: string;
  fields: AvroField[];
}

export interface AvroArray {
  type: 'array';
  items: AvroType;
}

export interface AvroTimestamp {
  type: 'long';
  logicalType: 'timestamp-micros';
}

/** A string that is no primitive refers to a record named earlier, as `paystream.FeeLine`. */
export type AvroReference = string & { readonly reference?: never };
export type AvroNullable = ['null', AvroType];
export type AvroType = AvroPrimitive | AvroReference | AvroRecord | AvroArray | AvroTimestamp | AvroNullable;

const PRIMITIVES: ReadonlySet<string> = new Set<AvroPrimitive>(['string', 'long', 'int', 'boolean']);

export function isPrimitive(type: AvroType): type is AvroPrimitive {
  return typeof type === 'string' && PRIMITIVES.has(type);
}

export function isNullable(type: AvroType): type is AvroNullable {
  return Array.isArray(type);
}

export function isRecord(type: AvroType): type is AvroRecord {
  return typeof type === 'object' && !Array.isArray(type) && type.type === 'record';
}

export function isArrayType(type: AvroType): type is AvroArray {
  return typeof type === 'object' && !Array.isArray(type) && type.type === 'array';
}

export function isTimestamp(type: AvroType): type is AvroTimestamp {
  return typeof type === 'object' && !Array.isArray(type) && type.type === 'long';
}

/** Calls `visit` for each record in the schema, the inner ones first, so that a use follows its definition. */
export function visitRecords(type: AvroType, visit: (record: AvroRecord) => void): void {
  if (isNullable(type)) visitRecords(type[1], visit);
  else if (isArrayType(type)) visitRecords(type.items, visit);
  else if (isRecord(type)) {
    for (const field of type.fields) visitRecords(field.type, visit);
    visit(type);
  }
}

/**
 * Lists what a schema breaks of the rules that hold for ever: no enum, map, bytes or float; no union but [null, X] with
 * default null; each field documented and named in camelCase. An empty list means that the schema may be released.
 */
export function schemaFaults(root: AvroRecord): string[] {
  const faults: string[] = [];
  const known = new Set<string>();
  const checkType = (type: unknown, path: string): void => {
    if (typeof type === 'string') {
      if (!PRIMITIVES.has(type) && !known.has(type))
        faults.push(`${path}: type ${type} is not allowed or not yet defined`);
    } else if (Array.isArray(type)) {
      if (type.length !== 2 || type[0] !== 'null') faults.push(`${path}: a union must be ["null", X]`);
      else checkType(type[1], path);
    } else if (isObject(type)) checkObject(type, path);
    else faults.push(`${path}: not an Avro type`);
  };
  const checkObject = (type: Record<string, unknown>, path: string): void => {
    if (type.type === 'record') checkRecord(type as unknown as AvroRecord, path);
    else if (type.type === 'array') checkType(type.items, `${path}[]`);
    else if (type.type !== 'long' || type.logicalType !== 'timestamp-micros') {
      faults.push(
        `${path}: type ${JSON.stringify(type.type)} is not allowed; codes are strings, times timestamp-micros`,
      );
    }
  };
  const checkRecord = (record: AvroRecord, path: string): void => {
    for (const field of record.fields) {
      const at = path === '' ? field.name : `${path}.${field.name}`;
      if (!/^[a-z][A-Za-z0-9]*$/.test(field.name)) faults.push(`${at}: a field is named in camelCase`);
      if (field.doc === undefined || field.doc === '') faults.push(`${at}: a field needs a doc`);
      if (Array.isArray(field.type) && field.default !== null) faults.push(`${at}: a nullable field has default null`);
      checkType(field.type, at);
    }
    known.add(`paystream.${record.name}`);
  };
  checkRecord(root, '');
  return faults;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
