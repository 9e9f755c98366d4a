// Draws a batch's place in the order of the books, and reads the clock all its decisions share.
import type { Transaction } from '@paystream/database';

export interface LedgerNumber {
  ledgerNumber: bigint;
  /** Start of the transaction by the database's clock, microseconds since the epoch, UTC. */
  settledAt: bigint;
}

/** To be called under the batch's locks: of two batches that share an account, the later one draws the higher number. */
export async function drawLedgerNumber(transaction: Transaction): Promise<LedgerNumber> {
  const [row] = await transaction.query<{ ledger_number: bigint; settled_at: bigint }>({
    name: 'draw-ledger-number',
    text: `SELECT nextval('ledger_numbers') AS ledger_number, (extract(epoch FROM now()) * 1000000)::bigint AS settled_at`,
  });
  if (row === undefined) throw new Error('the sequence ledger_numbers gave no number');
  return { ledgerNumber: row.ledger_number, settledAt: row.settled_at };
}
