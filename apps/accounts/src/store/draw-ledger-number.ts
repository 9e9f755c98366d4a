// Draws a batch's place in the order of the books, and reads the clock all its decisions share and what was decided before.
import type { Transaction } from '@paystream/database';
import { operationKey } from '@paystream/ledger';

export interface Drawn {
  ledgerNumber: bigint;
  /** Start of the transaction by the database's clock, microseconds since the epoch, UTC. */
  settledAt: bigint;
  /** Of the operations, the keys (`operationKey`) of every pass that is decided: a repeated record changes nothing. */
  decided: Set<string>;
}

/** To be called under the batch's locks: of two batches that share an account, the later one draws the higher number. */
export async function drawLedgerNumber(transaction: Transaction, operationIds: readonly string[]): Promise<Drawn> {
  const [row] = await transaction.query<Row>({
    name: 'draw-ledger-number',
    text: `SELECT nextval('ledger_numbers') AS ledger_number, (extract(epoch FROM now()) * 1000000)::bigint AS settled_at,
                  ARRAY(SELECT operation_id || ' ' || pass FROM operations WHERE operation_id = ANY($1::text[])) AS decided`,
    values: [operationIds],
  });
  if (row === undefined) throw new Error('the sequence ledger_numbers gave no number');
  const decided = row.decided.map((text) => {
    const [operationId = '', pass] = text.split(' ');
    return operationKey({ operationId, pass: Number(pass) });
  });
  return { ledgerNumber: row.ledger_number, settledAt: row.settled_at, decided: new Set(decided) };
}

interface Row {
  ledger_number: bigint;
  settled_at: bigint;
  decided: string[];
}
