// Says what one table's part of the statement that saves a batch is made of, and runs one alone.
import type { Transaction } from '@paystream/database';

/** What is written to one table, as a statement with its parameters numbered from `$1`. */
export interface SavePart<Rows> {
  readonly text: string;
  parameters(rows: Rows): unknown[];
}

/** Runs one part as a statement of its own; gives the number of rows it wrote. */
export function runPart<Rows>(transaction: Transaction, part: SavePart<Rows>, rows: Rows): Promise<number> {
  return transaction.execute({ text: part.text, values: part.parameters(rows) });
}

/** The part's text with its parameters numbered behind `count` others. */
export function renumber(text: string, count: number): string {
  return text.replace(/\$(?<number>\d+)/g, (_match, number: string) => `$${Number(number) + count}`);
}
