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

/**
 * The sequence has been set back behind the books, as by a fail-over to a copy without it. A number below the newest would
 * collide, or lie in a gap of the books out of their order. Once the sequence is mended another try draws a right one.
 */
export class LedgerNumbersBehindError extends Error {
  readonly code = 'ledger_numbers_behind';
  readonly retriable = true;

  constructor(drawn: bigint, newest: bigint) {
    super(`the sequence ledger_numbers gave ${drawn}, and the books hold ${newest} already`);
    this.name = 'LedgerNumbersBehindError';
  }
}

/**
 * To be called under the batch's locks: of two batches that share an account, the later one draws the higher number.
 * @throws LedgerNumbersBehindError
 */
export async function drawLedgerNumber(transaction: Transaction, operationIds: readonly string[]): Promise<Drawn> {
  const [row] = await transaction.query<Row>({
    name: 'draw-ledger-number',
    // What is committed when the statement begins drew its number before it.
    text: `SELECT nextval('ledger_numbers') AS ledger_number, (extract(epoch FROM now()) * 1000000)::bigint AS settled_at,
                  (SELECT max(ledger_number) FROM operations) AS newest,
                  ARRAY(SELECT operation_id || ' ' || pass FROM operations WHERE operation_id = ANY($1::text[])) AS decided`,
    values: [operationIds],
  });
  if (row === undefined) throw new Error('the sequence ledger_numbers gave no number');
  const { ledger_number: ledgerNumber, newest } = row;
  if (newest !== null && ledgerNumber <= newest) throw new LedgerNumbersBehindError(ledgerNumber, newest);
  const decided = row.decided.map((text) => {
    const [operationId = '', pass] = text.split(' ');
    return operationKey({ operationId, pass: Number(pass) });
  });
  return { ledgerNumber, settledAt: row.settled_at, decided: new Set(decided) };
}

interface Row {
  ledger_number: bigint;
  settled_at: bigint;
  /** Null in empty books. */
  newest: bigint | null;
  decided: string[];
}
