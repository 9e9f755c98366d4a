// Shows which parts run when some are named.

import { expect, it } from 'vitest';
import { chooseParts, PARTS } from './parts.ts';

const namesOf = (names: readonly string[]) => chooseParts(names)?.map(({ name }) => name);

it('runs the named parts in their own order, with those they need', () => {
  expect(namesOf(['waiting', 'ladder'])).toEqual(['idle', 'ladder', 'waiting']);
  expect(namesOf(['proof', 'single'])).toEqual(['single', 'proof']);
  expect(namesOf(PARTS.map(({ name }) => name))).toHaveLength(PARTS.length);
});

it('knows no other names', () => {
  expect(chooseParts(['ladder', 'stairs'])).toBeNull();
  expect(chooseParts([''])).toBeNull();
});
