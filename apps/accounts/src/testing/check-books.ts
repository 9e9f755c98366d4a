// Looks for anything wrong in the books themselves: sums, balances, versions and limits, by SQL alone.
import type { Queryable } from '@paystream/database';

/** Each gives rows only where something is wrong. */
const rules: Readonly<Record<string, string>> = {
  'a currency does not sum to zero': `
    SELECT currency FROM signed_lines GROUP BY currency HAVING sum(amount) <> 0`,
  'an operation does not balance': `
    SELECT ledger_number, index FROM signed_lines GROUP BY ledger_number, index, currency HAVING sum(amount) <> 0`,
  'a posting belongs to no operation that succeeded': `
    SELECT p.ledger_number, p.index FROM postings AS p
      LEFT JOIN operations AS o ON o.ledger_number = p.ledger_number AND o.index = p.index AND o.outcome = 'succeeded'
     WHERE o.operation_id IS NULL`,
  'an operation succeeded without a posting': `
    SELECT o.operation_id FROM operations AS o
     WHERE o.outcome = 'succeeded'
       AND NOT EXISTS (SELECT FROM postings AS p WHERE p.ledger_number = o.ledger_number AND p.index = o.index)`,
  'a balance or version does not follow from the postings': `
    SELECT a.id FROM accounts AS a
      LEFT JOIN (SELECT account_id, sum(amount) AS posted, count(DISTINCT (ledger_number, index)) AS version
                   FROM signed_lines GROUP BY account_id) AS l ON l.account_id = a.id
     WHERE a.posted <> coalesce(l.posted, 0) OR a.version <> coalesce(l.version, 0)`,
  'an account was below its limit at some moment': `
    SELECT r.account_id FROM (
             SELECT account_id, sum(sum(amount)) OVER (PARTITION BY account_id ORDER BY ledger_number, index) AS posted
               FROM signed_lines GROUP BY account_id, ledger_number, index) AS r
      JOIN accounts AS a ON a.id = r.account_id
     WHERE a.checked AND r.posted < -a.overdraft`,
  'a payment was captured without an operation that succeeded': `
    SELECT p.payment_id FROM payments AS p LEFT JOIN operations AS o ON o.operation_id = p.payment_id AND o.outcome = 'succeeded'
     WHERE o.operation_id IS NULL`,
};

/** What is wrong with the books, in words; nothing when they are right. */
export async function findFaults(database: Queryable): Promise<string[]> {
  const faults: string[] = [];
  for (const [fault, text] of Object.entries(rules)) {
    const [row] = await database.query<object>({ text: `${text} LIMIT 1` });
    if (row !== undefined) faults.push(`${fault}: ${Object.values(row).join(' ')}`);
  }
  return faults;
}
