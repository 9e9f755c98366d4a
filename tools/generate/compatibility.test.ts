// Shows which changes of a schema FULL_TRANSITIVE allows and which it refuses, each judged by the registry's own rules elsewhere.
import { describe, expect, test } from 'vitest';
import type { AvroField, AvroRecord, AvroType } from './avro.ts';
import { schemaFaults } from './avro.ts';
import { incompatibilities } from './compatibility.ts';

const id = field('id', 'string');
const line = record('Line', [field('amountMinor', 'long')]);
const base = record('Root', [id, field('lines', { type: 'array', items: line }), field('note', ['null', 'string'])]);

describe('allowed', () => {
  test.each<[string, AvroRecord]>([
    ['no change', base],
    ['a new nullable field', record('Root', [...base.fields, field('added', ['null', 'long'])])],
    ['another order of fields', record('Root', base.fields.toReversed())],
    ['a new text of a doc', record('Root', [{ ...id, doc: 'Other words.' }, ...base.fields.slice(1)])],
  ])('%s', (_name, newer) => {
    expect(incompatibilities(base, newer)).toEqual([]);
  });
});

describe('refused', () => {
  test.each<[string, AvroRecord, string]>([
    ['a new field without default', record('Root', [...base.fields, field('added', 'long')]), 'added'],
    ['a removed field without default', record('Root', base.fields.slice(1)), 'id'],
    ['another type', record('Root', [field('id', 'long'), ...base.fields.slice(1)]), 'id'],
    ['int made long', record('Root', [field('id', 'int'), ...base.fields.slice(1)]), 'id'],
    ['a field made nullable', record('Root', [field('id', ['null', 'string']), ...base.fields.slice(1)]), 'id'],
    ['a nullable field made required', record('Root', [...base.fields.slice(0, 2), field('note', 'string')]), 'note'],
    ['another name', record('Other', base.fields), ''],
    [
      'a change deep inside',
      record('Root', [
        id,
        field('lines', { type: 'array', items: record('Line', [field('amountMinor', 'string')]) }),
        field('note', ['null', 'string']),
      ]),
      'lines[].amountMinor',
    ],
  ])('%s, naming the field', (_name, newer, path) => {
    expect(incompatibilities(base, newer).map((found) => found.path)).toContain(path);
  });
});

describe('a schema of ours', () => {
  test.each<[string, unknown, RegExp]>([
    ['an enum', { type: 'enum', name: 'E', symbols: ['A'] }, /codes are strings/],
    ['a float', 'double', /double is not allowed/],
    ['a wide union', ['null', 'string', 'long'], /union must be/],
    ['a union that starts elsewhere', ['string', 'null'], /union must be/],
    ['a map', { type: 'map', values: 'long' }, /not allowed/],
  ])('has no %s', (_name, type, problem) => {
    // Deliberately not one of the types our schemas may have.
    const faults = schemaFaults(record('Root', [field('x', type as AvroType)]));
    expect(faults.join('\n')).toMatch(problem);
  });

  test('documents its fields and names them in camelCase', () => {
    const faults = schemaFaults(record('Root', [{ name: 'amount_minor', type: 'long' }]));
    expect(faults).toEqual([expect.stringContaining('camelCase'), expect.stringContaining('needs a doc')]);
  });
});

function record(name: string, fields: AvroField[]): AvroRecord {
  return { type: 'record', name, fields, ...(name === 'Line' ? {} : { namespace: 'paystream' }) };
}

function field(name: string, type: AvroType): AvroField {
  return { name, type, doc: 'A field.', ...(Array.isArray(type) ? { default: null } : {}) };
}
