// Compares a table that shows what was settled with what it has to show, row by row, and names each row that is not so.

import type { Differences } from '../differences.ts';
import type { Chunks } from '../inputs.ts';
import type { DigestOf } from './digest-table.ts';
import { createDigestTable } from './digest-table.ts';

/** A row by what finds it, and everything of it that has to be right, as text. */
export interface KeyedText {
  readonly key: string;
  readonly text: string;
}

/** A table of one picture: it may be read again as long as the proof goes on. */
export interface ViewTable {
  /** As differences name it: `gateway.outcomes`. */
  readonly name: string;
  readonly rows: () => Chunks<KeyedText>;
}

export interface View {
  /** Reads the table; to be called before anything is expected. */
  readonly load: () => Promise<void>;
  /** What the table has to hold. Of two rows with one key the first counts. */
  readonly expect: (row: KeyedText) => void;
  /** Reports the rows that are wrong, and those that nothing has asked for. */
  readonly finish: () => Promise<void>;
}

const EXPECTED = 1;
/** Wrong rows that are shown with what they hold; of the others only how many there are. */
const WRONG_ROWS_MAX = 10_000;

export interface ViewOptions {
  readonly digestOf: DigestOf;
  readonly differences: Differences;
}

export function createView({ name: table, rows }: ViewTable, { digestOf, differences }: ViewOptions): View {
  const digests = createDigestTable(digestOf);
  const wrong = new Map<string, string>();
  let expected = 0;

  return {
    load: async () => {
      for await (const chunk of rows()) for (const { key, text } of chunk) digests.set(key, digestOf(text));
    },
    expect: ({ key, text }) => {
      const digest = digests.get(key);
      if (digest === undefined) {
        differences.add({ kind: 'view_row_missing', table, key, expected: text });
        // Once is enough, and the row is none of those that nothing has asked for.
        digests.set(key, digestOf(text));
        digests.mark(key, EXPECTED);
        expected += 1;
        return;
      }
      if (!digests.mark(key, EXPECTED)) return;
      expected += 1;
      if (digest !== digestOf(text) && wrong.size < WRONG_ROWS_MAX) wrong.set(key, text);
    },
    finish: async () => {
      if (wrong.size === 0 && expected === digests.size()) return;
      for await (const chunk of rows()) {
        for (const { key, text: found } of chunk) {
          const right = wrong.get(key);
          if (right !== undefined) differences.add({ kind: 'view_row_wrong', table, key, expected: right, found });
          else if ((digests.flags(key) & EXPECTED) === 0)
            differences.add({ kind: 'view_row_extra', table, key, found });
        }
      }
    },
  };
}

/** Compares rows with the newest that is known of each, both ways. Consumes `newest`. */
export async function compareNewest(
  { name: table, rows }: ViewTable,
  newest: Map<string, { readonly text: string }>,
  differences: Differences,
): Promise<void> {
  for await (const chunk of rows()) {
    for (const { key, text: found } of chunk) {
      const expected = newest.get(key)?.text;
      newest.delete(key);
      if (expected === undefined) differences.add({ kind: 'view_row_extra', table, key, found });
      else if (expected !== found) differences.add({ kind: 'view_row_wrong', table, key, expected, found });
    }
  }
  for (const [key, { text: expected }] of newest) differences.add({ kind: 'view_row_missing', table, key, expected });
}
