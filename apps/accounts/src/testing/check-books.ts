// Looks for anything wrong in the books themselves: sums, balances, versions and limits, by SQL alone.
import type { Queryable } from '@paystream/database';

/** Each gives rows only where something is wrong. */
const rules: Readonly<Record<string, string>> = {
  'a currency does not sum to zero': `
    SELECT currency FROM signed_lines GROUP BY currency HAVING sum(amount) <> 0`,
  'an operation does not balance': `
    SELECT ledger_number, index FROM signed_lines GROUP BY ledger_number, index, currency HAVING sum(amount) <> 0`,
  // What was set aside goes back when a pay-out is reported to have failed; nothing else that failed may post.
  'a posting belongs to no operation that may post': `
    SELECT p.ledger_number, p.index FROM postings AS p
      LEFT JOIN operations AS o ON o.ledger_number = p.ledger_number AND o.index = p.index
                               AND (o.outcome <> 'failed' OR o.operation = 'report')
     WHERE o.operation_id IS NULL`,
  'an operation that moves money succeeded without a posting': `
    SELECT o.operation_id FROM operations AS o
     WHERE o.outcome IN ('succeeded', 'admitted')
       -- A report that says once more what is known moves nothing.
       AND o.operation NOT IN ('authorize', 'cancel', 'expire', 'freeze', 'unfreeze', 'close', 'limit', 'report')
       AND NOT EXISTS (SELECT FROM postings AS p WHERE p.ledger_number = o.ledger_number AND p.index = o.index)`,
  'a balance does not follow from the postings': `
    SELECT a.id FROM accounts AS a
      LEFT JOIN (SELECT account_id, sum(amount) AS posted FROM signed_lines GROUP BY account_id) AS l
             ON l.account_id = a.id
     WHERE a.posted <> coalesce(l.posted, 0)`,
  // Holds and commands change a row too, but only of those whose funds are checked.
  'a version does not follow from the operations': `
    SELECT a.id FROM accounts AS a
      LEFT JOIN (SELECT account_id, count(DISTINCT (ledger_number, index)) AS version
                   FROM signed_lines GROUP BY account_id) AS l ON l.account_id = a.id
     WHERE a.version < coalesce(l.version, 0) OR (NOT a.checked AND a.version > coalesce(l.version, 0))`,
  'an account was below every limit it can have had': `
    SELECT r.account_id FROM (
             SELECT account_id, sum(sum(amount)) OVER (PARTITION BY account_id ORDER BY ledger_number, index) AS posted
               FROM signed_lines GROUP BY account_id, ledger_number, index) AS r
      JOIN accounts AS a ON a.id = r.account_id
     WHERE a.checked AND r.posted < -a.overdraft
       AND NOT EXISTS (SELECT FROM operations AS o WHERE o.operation = 'limit' AND o.outcome = 'succeeded')`,
  'a payment or pay-out is there without the operation that began it': `
    SELECT p.payment_id FROM payments AS p
      LEFT JOIN operations AS o ON o.operation_id = p.payment_id AND o.pass = 1
                               AND o.outcome = CASE p.kind WHEN 'pay_out' THEN 'admitted' ELSE 'succeeded' END
     WHERE o.operation_id IS NULL`,
  'an operation began a payment that is not there': `
    SELECT o.operation_id FROM operations AS o
     WHERE o.operation IN ('pay', 'authorize', 'pay_out') AND o.pass = 1 AND o.outcome IN ('succeeded', 'admitted')
       AND NOT EXISTS (SELECT FROM payments AS p WHERE p.payment_id = o.operation_id)`,
  'a status does not fit its sums': `
    SELECT payment_id FROM payments
     WHERE kind = 'payment' AND NOT CASE status
             WHEN 'authorized' THEN captured = 0
             WHEN 'partially_captured' THEN captured > 0 AND captured < authorized AND refunded + disputed = 0
             WHEN 'succeeded' THEN captured > 0 AND refunded + disputed = 0
             WHEN 'partially_refunded' THEN refunded > 0 AND refunded < captured AND disputed = 0
             WHEN 'refunded' THEN refunded = captured
             WHEN 'disputed' THEN disputed > lost
             WHEN 'charged_back' THEN lost > 0 AND disputed = lost
             WHEN 'canceled' THEN captured = 0
             WHEN 'expired' THEN captured = 0
             ELSE false END`,
  // A refund's first line is what the merchant gives.
  'what is refunded of a payment is not what its refunds gave': `
    SELECT payment_id FROM payments AS p
      LEFT JOIN (SELECT o.payment_id, sum(l.amount) AS refunded
                   FROM operations AS o JOIN postings AS l USING (ledger_number, index)
                  WHERE o.operation = 'refund' AND l.line = 0 GROUP BY o.payment_id) AS r USING (payment_id)
     WHERE p.refunded <> coalesce(r.refunded, 0)`,
  // What a conversion or fees of the customer's own cost is the fold's to compute: those payments are left out here.
  'what is captured of a payment is not what the wallet gave': `
    SELECT payment_id FROM payments AS p
      LEFT JOIN (SELECT o.payment_id, sum(l.amount) AS captured
                   FROM operations AS o JOIN postings AS l USING (ledger_number, index)
                  WHERE o.operation IN ('pay', 'capture') AND split_part(l.debit_account, ':', 2) = 'wallet'
                  GROUP BY o.payment_id) AS c USING (payment_id)
     WHERE p.captured <> coalesce(c.captured, 0) AND p.fx IS NULL
       AND NOT EXISTS (SELECT FROM json_array_elements(fees) AS fee WHERE fee->>'bearer' = 'customer')`,
  'what is held on a wallet is not what its open authorizations hold': `
    SELECT a.id FROM accounts AS a
      LEFT JOIN (SELECT environment || ':wallet:' || customer_id || ':' || currency AS id,
                        sum(authorized - captured) AS held
                   FROM payments AS p
                  WHERE status IN ('authorized', 'partially_captured') AND fx IS NULL
                    AND NOT EXISTS (SELECT FROM json_array_elements(fees) AS fee WHERE fee->>'bearer' = 'customer')
                  GROUP BY 1) AS h USING (id)
     WHERE a.held <> coalesce(h.held, 0)
       AND NOT EXISTS (SELECT FROM payments AS p
                        WHERE p.customer_id = split_part(a.id, ':', 3)
                          AND (p.fx IS NOT NULL OR EXISTS (SELECT FROM json_array_elements(p.fees) AS fee
                                                            WHERE fee->>'bearer' = 'customer')))`,
  'what is disputed of a payment is not what its disputes say': `
    SELECT p.payment_id FROM payments AS p
      LEFT JOIN (SELECT payment_id, sum(amount) FILTER (WHERE status IN ('open', 'lost')) AS disputed,
                        sum(amount) FILTER (WHERE status = 'lost') AS lost
                   FROM disputes WHERE source = 'merchant' GROUP BY payment_id) AS d USING (payment_id)
     WHERE p.disputed <> coalesce(d.disputed, 0) OR p.lost <> coalesce(d.lost, 0)`,
  // Corrections may move anything; where there are some, these two say nothing.
  'what is set aside for disputes is not what the open ones ask for': `
    SELECT b.currency FROM (SELECT currency, sum(posted) AS posted FROM accounts
                             WHERE split_part(id, ':', 2) = 'disputed' GROUP BY currency) AS b
      LEFT JOIN (SELECT currency, sum(amount + fee) AS posted FROM disputes WHERE status = 'open' GROUP BY currency) AS d
           USING (currency)
     WHERE b.posted <> coalesce(d.posted, 0) AND NOT EXISTS (SELECT FROM corrections)`,
  'what is in transit is not what the open pay-outs are': `
    SELECT b.currency FROM (SELECT currency, sum(posted) AS posted FROM accounts
                             WHERE split_part(id, ':', 2) = 'payout_in_transit' GROUP BY currency) AS b
      LEFT JOIN (SELECT currency, sum(amount) AS posted FROM payments
                  WHERE kind = 'pay_out' AND status = 'in_transit' GROUP BY currency) AS p USING (currency)
     WHERE b.posted <> coalesce(p.posted, 0) AND NOT EXISTS (SELECT FROM corrections)`,
  'a correction corrects nothing, or is none': `
    SELECT c.operation_id FROM corrections AS c
      LEFT JOIN operations AS o ON o.operation_id = c.of_operation_id AND o.outcome IN ('succeeded', 'manual_review')
      LEFT JOIN operations AS n ON n.operation_id = c.operation_id AND n.outcome = 'succeeded'
     WHERE o.operation_id IS NULL OR n.operation_id IS NULL`,
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
