// Falsifies what stands around the books as the proof reads it: nothing that is stored is touched, and only the proof can tell.

import type { AcceptedRow, Chunks, KeyedText, ViewTable } from '@paystream/proof';
import { CliError } from '../../context.ts';
import type { Falsified, WholeSabotage } from '../sabotage.ts';

/** How the sources are to be read; without a sabotage as they are. */
export interface Reading {
  readonly accepted: (rows: Chunks<AcceptedRow>) => Chunks<AcceptedRow>;
  readonly acceptedNow: (rows: readonly AcceptedRow[]) => readonly AcceptedRow[];
  /** Whether a record of payment.requested is read. */
  readonly isRead: (operationId: string) => boolean;
  readonly balances: (table: ViewTable) => ViewTable;
  readonly falsified: Falsified | null;
}

export const AS_IT_IS: Reading = {
  accepted: (rows) => rows,
  acceptedNow: (rows) => rows,
  isRead: () => true,
  balances: (table) => table,
  falsified: null,
};

export interface Sources {
  readonly accepted: () => Chunks<AcceptedRow>;
  readonly balances: ViewTable;
}

/** Throws `CliError` when the gateway has too little to be falsified. */
export async function falsifyReading(sabotage: WholeSabotage, { accepted, balances }: Sources): Promise<Reading> {
  if (sabotage === 'gateway-state') {
    const { key } = await firstOf(balances.rows());
    const falsify = (row: KeyedText): KeyedText => (row.key === key ? { key, text: `${row.text}0` } : row);
    return {
      ...AS_IT_IS,
      balances: ({ name, rows }) => ({ name, rows: () => mapChunks(rows(), (chunk) => chunk.map(falsify)) }),
      falsified: { sabotage, place: { kind: 'view', table: balances.name, key } },
    };
  }
  const { digits } = await firstOf(
    mapChunks(accepted(), (rows) => rows.filter(({ operation }) => operation === 'top_up')),
  );
  const operationId = `tu_${digits}`;
  const isRead = (id: string): boolean => id !== operationId;
  if (sabotage === 'lost-request') {
    return { ...AS_IT_IS, isRead, falsified: { sabotage, place: { kind: 'request', operationId } } };
  }
  // A record that was posted though nobody had asked for it.
  const without = (rows: readonly AcceptedRow[]): readonly AcceptedRow[] => rows.filter((row) => row.digits !== digits);
  return {
    ...AS_IT_IS,
    isRead,
    accepted: (rows) => mapChunks(rows, without),
    acceptedNow: without,
    falsified: { sabotage, place: { kind: 'record', operationId } },
  };
}

async function firstOf<Item>(chunks: Chunks<Item>): Promise<Item> {
  for await (const chunk of chunks) for (const item of chunk) return item;
  throw new CliError('The gateway has accepted no top-up yet; there is nothing to falsify.');
}

async function* mapChunks<Item>(
  chunks: Chunks<Item>,
  change: (chunk: readonly Item[]) => readonly Item[],
): Chunks<Item> {
  for await (const chunk of chunks) yield change(chunk);
}
