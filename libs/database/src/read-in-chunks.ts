// Reads a result of any size through a cursor, so that only one chunk of it is ever in memory.
import type { Query, Transaction } from './types.ts';

/** Rows fetched at once unless said otherwise: enough that the round trip does not count, far below what memory feels. */
export const CHUNK_ROWS_MAX = 2_000;

let cursorsOpened = 0;

/**
 * The statement's rows, chunk by chunk, none of them empty. The cursor lives in the transaction, which must stay open
 * until the last chunk; several may be read side by side. A transaction that waits for its reader between chunks needs
 * longer limits than the room's own: `set local idle_in_transaction_session_timeout`.
 */
export async function* readInChunks<Row extends object>(
  transaction: Transaction,
  { text, values }: Pick<Query, 'text' | 'values'>,
  chunkRowsMax: number = CHUNK_ROWS_MAX,
): AsyncGenerator<Row[]> {
  cursorsOpened += 1;
  const cursor = `read_in_chunks_${cursorsOpened}`;
  await transaction.execute({
    text: `DECLARE ${cursor} NO SCROLL CURSOR FOR ${text}`,
    ...(values === undefined ? {} : { values }),
  });
  for (;;) {
    const rows = await transaction.query<Row>({ text: `FETCH ${chunkRowsMax} FROM ${cursor}` });
    if (rows.length > 0) yield rows;
    if (rows.length < chunkRowsMax) break;
  }
  await transaction.execute({ text: `CLOSE ${cursor}` });
}
