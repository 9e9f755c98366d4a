// Shows that no row of the books and no outcome on the log can be changed, deleted or doubled anywhere without being found.

import { describe, expect, it } from 'vitest';
import type { World } from './testing/bookkeeper.ts';
import { everyOperation } from './testing/every-operation.ts';
import { exampleWorld } from './testing/example-books.ts';
import { at, proveWorld } from './testing/prove-world.ts';

const LISTS = [
  ...(['operations', 'postings', 'accounts', 'payments', 'disputes', 'corrections', 'spends'] as const),
  ...(['settled', 'progressed'] as const),
] as const;
type List = (typeof LISTS)[number];

const WORLDS = [
  ['payments', exampleWorld],
  ['every operation', () => everyOperation()],
] as const;
const CASES = WORLDS.flatMap(([name, build]) =>
  LISTS.filter((list) => build()[list].length > 0).map((list) => [list, name, build] as const),
);

type Path = readonly (string | number)[];

function rowsOf(world: World, list: List): object[] {
  return world[list];
}

/** Every value in the row with the way to it; lists and records also as a whole. */
function* everyValue(value: unknown, path: Path = []): Generator<[path: Path, value: unknown]> {
  if (path.length > 0) yield [path, value];
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) yield* everyValue(inner, [...path, key]);
}

function otherThan(value: unknown, path: Path): unknown {
  // A limit, a count or a time may be missing; anything else that is null is text or a record.
  if (value === null) return path.at(-1) === 'failure' ? { code: 'x' } : otherThanNull(String(path.at(-1)));
  switch (typeof value) {
    case 'bigint':
      return value + 1n;
    case 'number':
      return value + 1;
    case 'boolean':
      return !value;
    case 'string':
      return `${value}x`;
    default:
      return Array.isArray(value) ? [] : null;
  }
}

function otherThanNull(field: string): unknown {
  if (field === 'fx' || field === 'payment') return {};
  if (field === 'decisions') return [{ ruleId: 'x', ruleVersion: 1n, decision: 'allow' }];
  return /Minor$|Count$|At$|observed|bound/.test(field) ? 1n : 'x';
}

function change(row: object, path: Path): void {
  const parent = path.slice(0, -1).reduce<object>((value, key) => Reflect.get(value, key) as object, row); // leads to objects only
  const key = path.at(-1) ?? '';
  // What is in a list is taken out of it; a list with holes is no record.
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else Reflect.set(parent, key, otherThan(Reflect.get(parent, key), path));
}

/** Empty lists stay empty: there is no other empty one. */
function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

describe.each(CASES)('%s of %s', (list, _name, build) => {
  const isFound = async (falsify: (rows: object[]) => void): Promise<boolean> => {
    const world = build();
    // A copy of its own: what one list shares with another must stay as it was there.
    Object.assign(world, { [list]: structuredClone(rowsOf(world, list)) });
    falsify(rowsOf(world, list));
    return (await proveWorld(world, 50)).differenceCount > 0;
  };

  it('cannot be changed in any value of any row', async () => {
    const hidden: string[] = [];
    let changes = 0;
    for (const [index, row] of rowsOf(build(), list).entries()) {
      for (const [path, value] of everyValue(row)) {
        if (isEmpty(value)) continue;
        changes += 1;
        if (!(await isFound((rows) => change(at(rows, index), path)))) hidden.push(`${path.join('.')} of row ${index}`);
      }
    }
    expect(hidden).toEqual([]);
    expect(changes).toBeGreaterThan(list === 'corrections' || list === 'spends' ? 1 : 25);
  });

  it('cannot lose or repeat any row', async () => {
    const hidden: string[] = [];
    for (const [index, row] of rowsOf(build(), list).entries()) {
      if (!(await isFound((rows) => void rows.splice(index, 1)))) hidden.push(`row ${index} deleted`);
      if (!(await isFound((rows) => void rows.splice(index, 0, { ...row })))) hidden.push(`row ${index} doubled`);
    }
    expect(hidden).toEqual([]);
  });
});
