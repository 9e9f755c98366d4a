// Shows that no row of the books and no outcome on the log can be changed, deleted or doubled anywhere without being found.

import { describe, expect, it } from 'vitest';
import type { World } from './testing/example-books.ts';
import { at, exampleWorld, proveWorld } from './testing/example-books.ts';

const LISTS = ['operations', 'postings', 'accounts', 'settled'] as const;
type List = (typeof LISTS)[number];

/** A row at zero that nothing changed carries no information; it may be missing, and another may be there. */
function isBlank(row: object): boolean {
  return 'accountId' in row && 'version' in row && row.version === 0n;
}

function rowsOf(world: World, list: List): object[] {
  return world[list];
}

function otherThan(field: string, value: unknown): unknown {
  if (value === null) return field === 'failure' ? { code: 'x' } : 'x';
  switch (typeof value) {
    case 'bigint':
      return value + 1n;
    case 'number':
      return value + 1;
    case 'string':
      return `${value}x`;
    default:
      // What is left are lists and failures.
      return Array.isArray(value) ? [] : null;
  }
}

async function isFound(list: List, falsify: (rows: object[]) => void): Promise<boolean> {
  const world = exampleWorld();
  falsify(rowsOf(world, list));
  return (await proveWorld(world)).differenceCount > 0;
}

/** Every row of the example with its fields, leaving out values that are already empty and cannot become another empty one. */
function* everyField(list: List): Generator<[index: number, field: string, value: unknown]> {
  for (const [index, row] of rowsOf(exampleWorld(), list).entries()) {
    if (isBlank(row)) continue;
    for (const [field, value] of Object.entries(row)) {
      if (!Array.isArray(value) || value.length > 0) yield [index, field, value];
    }
  }
}

describe.each(LISTS)('%s', (list) => {
  it('cannot be changed in any field of any row', async () => {
    const hidden: string[] = [];
    let changes = 0;
    for (const [index, field, value] of everyField(list)) {
      changes += 1;
      const found = await isFound(
        list,
        (rows) => void Object.assign(at(rows, index), { [field]: otherThan(field, value) }),
      );
      if (!found) hidden.push(`${field} of row ${index}`);
    }
    expect(hidden).toEqual([]);
    expect(changes).toBeGreaterThan(30);
  });

  it('cannot lose or repeat any row', async () => {
    const hidden: string[] = [];
    for (const [index, row] of rowsOf(exampleWorld(), list).entries()) {
      if (isBlank(row)) continue;
      if (!(await isFound(list, (rows) => void rows.splice(index, 1)))) hidden.push(`row ${index} deleted`);
      if (!(await isFound(list, (rows) => void rows.splice(index, 0, { ...row })))) hidden.push(`row ${index} doubled`);
    }
    expect(hidden).toEqual([]);
  });
});
