// Shows that a table that shows something is compared row by row, and that what is on its way accuses nobody.

import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createDifferences } from '../differences.ts';
import type { Chunks } from '../inputs.ts';
import type { AccountUpdate } from './account-updates.ts';
import { checkAccountUpdates } from './account-updates.ts';
import { createDigestTable } from './digest-table.ts';
import type { KeyedText } from './view.ts';
import { createView } from './view.ts';

const digestOf = (text: string): bigint => hash('sha1', text, 'buffer').readBigUInt64LE(0);

async function* inChunks<Item>(...chunks: readonly (readonly Item[])[]): Chunks<Item> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

describe('a table of digests', () => {
  it('finds each of many keys again, and none that it was not given', () => {
    const table = createDigestTable(digestOf);
    const keys = Array.from({ length: 5_000 }, (_, index) => `key ${index}`);
    for (const key of keys) table.set(key, digestOf(`${key} text`));
    expect(table.size()).toBe(keys.length);
    expect(keys.filter((key) => table.get(key) !== digestOf(`${key} text`))).toEqual([]);
    expect(table.get('another')).toBeUndefined();
    expect([table.mark('key 7', 2), table.mark('key 7', 2), table.mark('another', 2)]).toEqual([true, false, false]);
    expect([table.flags('key 7'), table.flags('key 8'), table.flags('another')]).toEqual([2, 0, 0]);
  });
});

describe('a view', () => {
  it('names rows that are missing, wrong or of nothing, each once', async () => {
    const differences = createDifferences();
    const rows: KeyedText[] = [
      { key: 'right', text: 'a' },
      { key: 'wrong', text: 'b' },
      { key: 'extra', text: 'c' },
    ];
    const view = createView(
      { name: 't', rows: () => inChunks(rows.slice(0, 2), rows.slice(2)) },
      { digestOf, differences },
    );
    await view.load();
    for (const key of ['right', 'wrong', 'lost', 'right', 'wrong', 'lost']) view.expect({ key, text: 'a' });
    await view.finish();
    expect(differences.kept()).toEqual([
      { kind: 'view_row_extra', table: 't', key: 'extra', found: 'c' },
      { kind: 'view_row_missing', table: 't', key: 'lost', expected: 'a' },
      { kind: 'view_row_wrong', table: 't', key: 'wrong', expected: 'a', found: 'b' },
    ]);
  });
});

describe('the newest state of accounts', () => {
  const state = (version: bigint, postedMinor = version): AccountUpdate => ({
    ...{ accountId: 'a', postedMinor, heldMinor: 0n, overdraftMinor: 0n, status: 'open', version },
  });
  const cases: [
    what: string,
    updates: AccountUpdate[],
    books: [AccountUpdate, boolean],
    now: AccountUpdate[],
    string[],
  ][] = [
    ['the books’ own', [state(1n), state(3n)], [state(3n), false], [], []],
    ['told in another order', [state(3n), state(1n)], [state(3n), false], [], []],
    ['on its way', [state(1n)], [state(3n), true], [], []],
    ['never told, and on its way', [], [state(3n), true], [], []],
    ['newer than the snapshot', [state(4n)], [state(3n), false], [state(4n)], []],
    ['newer, and passed by now', [state(4n, 9n)], [state(3n), false], [state(5n)], []],
    ['old, and nothing is on its way', [state(1n)], [state(3n), false], [], ['view_row_wrong']],
    ['never told', [], [state(3n), false], [], ['view_row_missing']],
    ['of another balance', [state(3n, 4n)], [state(3n), true], [], ['view_row_wrong']],
    ['from the future', [state(9n)], [state(3n), false], [state(3n)], ['view_row_wrong']],
    [
      'of an account that is none',
      [{ ...state(1n), accountId: 'b' }, state(3n)],
      [state(3n), false],
      [],
      ['view_row_extra'],
    ],
  ];

  it.each(cases)('%s is judged', async (_what, updates, [account, isMarked], now, kinds) => {
    const differences = createDifferences();
    await checkAccountUpdates(
      {
        updates: inChunks(updates),
        accounts: inChunks([{ ...account, isMarked }]),
        accountsNow: (ids) => Promise.resolve(now.filter(({ accountId }) => ids.includes(accountId))),
      },
      differences,
    );
    expect(differences.kept().map(({ kind }) => kind)).toEqual(kinds);
  });
});
