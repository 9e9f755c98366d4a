// Reads what an operation did to the ledger, and where a story's accounts stand, from the books of the accounts app.

import type { Database } from '@paystream/database';

export interface PostingSeen {
  readonly debitAccount: string;
  readonly creditAccount: string;
  readonly currency: string;
  readonly amountMinor: bigint;
}

export interface AccountSeen {
  readonly accountId: string;
  readonly currency: string;
  readonly postedMinor: bigint;
  readonly heldMinor: bigint;
}

export interface LedgerView {
  /** Postings of an operation, in the order of their lines. */
  readonly postingsOf: (operationId: string) => Promise<PostingSeen[]>;
  /** Owned accounts of these customers and merchants, by account id. */
  readonly accountsOf: (ownerIds: readonly string[]) => Promise<Map<string, AccountSeen>>;
}

export function createLedgerView(database: Database): LedgerView {
  return {
    postingsOf: async (operationId) => {
      const rows = await database.query<{ debit: string; credit: string; currency: string; amount: bigint }>({
        text: `SELECT p.debit_account AS debit, p.credit_account AS credit, p.currency, p.amount
                 FROM operations AS o JOIN postings AS p USING (ledger_number, index)
                WHERE o.operation_id = $1 ORDER BY p.line`,
        values: [operationId],
      });
      return rows.map(({ debit, credit, currency, amount }) => ({
        ...{ debitAccount: debit, creditAccount: credit },
        ...{ currency, amountMinor: amount },
      }));
    },
    accountsOf: async (ownerIds) => {
      const rows = await database.query<{ id: string; currency: string; posted: bigint; held: bigint }>({
        text: `SELECT id, currency, posted, held FROM accounts WHERE split_part(id, ':', 3) = ANY($1::text[]) ORDER BY id`,
        values: [ownerIds],
      });
      return new Map(
        rows.map(({ id, currency, posted, held }) => [
          id,
          { accountId: id, currency, postedMinor: posted, heldMinor: held },
        ]),
      );
    },
  };
}
