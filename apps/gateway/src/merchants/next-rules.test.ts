// A rule's id and version name one content for ever.
import { expect, test } from 'vitest';
import { areSame, nextRules } from './next-rules.ts';

interface Rule {
  ruleId: string;
  version: bigint;
  fixedMinor: bigint;
  matches: string[] | null;
}

const a: Rule = { ruleId: 'a', version: 3n, fixedMinor: 30n, matches: ['US'] };
const b: Rule = { ruleId: 'b', version: 1n, fixedMinor: 0n, matches: null };
const newest = new Map([
  ['a', 3n],
  ['b', 1n],
  ['gone', 7n],
]);

function asked({ ruleId, fixedMinor, matches }: Rule): Omit<Rule, 'version'> {
  return { ruleId, fixedMinor, matches };
}

test.each<[string, Omit<Rule, 'version'>, bigint]>([
  ['an unchanged rule keeps its version', asked(a), 3n],
  ['fields may come in another order', { matches: ['US'], fixedMinor: 30n, ruleId: 'a' }, 3n],
  ['a changed amount is a new version', asked({ ...a, fixedMinor: 31n }), 4n],
  ['a changed list is a new version', asked({ ...a, matches: ['US', 'CA'] }), 4n],
  ['a new rule begins at one', asked({ ...a, ruleId: 'new' }), 1n],
  ['a rule that comes back goes on where it was', asked({ ...a, ruleId: 'gone' }), 8n],
])('%s', (_name, rule, version) => {
  expect(nextRules([rule], [a, b], newest)).toEqual([{ ...rule, version }]);
});

test('plans are the same when their rules are, in their order', () => {
  expect(areSame([a, b], [{ ...a, version: 9n }, b])).toBe(true);
  expect(areSame([a, b], [b, a])).toBe(false);
  expect(areSame([a], [a, b])).toBe(false);
});
