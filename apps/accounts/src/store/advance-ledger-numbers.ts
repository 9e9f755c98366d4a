// Brings the sequence of ledger numbers before the books again, when something has set it back.
import type { Database } from '@paystream/database';

/**
 * Waits until nobody holds accounts' locks, for numbers are drawn under them, and lets nobody take any meanwhile: a number
 * drawn and not stored yet would be drawn again. Gives where the sequence stands now.
 */
export async function advanceLedgerNumbers(database: Database): Promise<bigint> {
  return database.transaction(async (transaction) => {
    await transaction.query({ text: 'LOCK TABLE accounts IN EXCLUSIVE MODE' });
    const [row] = await transaction.query<{ stands_at: bigint }>({
      text: `SELECT setval('ledger_numbers', greatest(s.last_value, b.newest)) AS stands_at
               FROM ledger_numbers AS s, (SELECT coalesce(max(ledger_number), 1) AS newest FROM operations) AS b`,
    });
    if (row === undefined) throw new Error('the sequence ledger_numbers could not be read');
    return row.stands_at;
  });
}
