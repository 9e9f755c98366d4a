// Stores what a batch of a status topic says, in one statement: the offset moves first, and the rest is written if it moved.
import type { OffsetMove, Queryable } from '@paystream/database';
import { OffsetMovedError } from '@paystream/database';
import type { MerchantTransaction } from './insert-merchant-transactions.ts';
import { merchantTransactionsPart } from './insert-merchant-transactions.ts';
import type { Outcome } from './insert-outcomes.ts';
import { outcomesPart } from './insert-outcomes.ts';
import type { WalletTransaction } from './insert-transactions.ts';
import { transactionsPart } from './insert-transactions.ts';
import type { StatusPart } from './status-part.ts';
import type { CustomerBalance } from './upsert-balances.ts';
import { balancesPart } from './upsert-balances.ts';
import type { MerchantBalance } from './upsert-merchant-balances.ts';
import { merchantBalancesPart } from './upsert-merchant-balances.ts';

export interface StatusRows {
  outcomes: readonly Outcome[];
  balances: readonly CustomerBalance[];
  transactions: readonly WalletTransaction[];
  merchantBalances: readonly MerchantBalance[];
  merchantTransactions: readonly MerchantTransaction[];
}

/** Notifications that are heard if and when it commits. */
export interface Notifications {
  channel: string;
  payloads: readonly string[];
}

interface NamedPart {
  name: string;
  text: string;
  parameters(rows: StatusRows): unknown[];
}

function part<Row>(
  name: string,
  { text, parameters }: StatusPart<Row>,
  of: (rows: StatusRows) => readonly Row[],
): NamedPart {
  return { name, text, parameters: (rows) => parameters(of(rows)) };
}

/** Always all of them, in one order: whoever stores something of both topics locks the tables alike. */
const PARTS: readonly NamedPart[] = [
  part('outcomes_stored', outcomesPart, ({ outcomes }) => outcomes),
  part('balances_stored', balancesPart, ({ balances }) => balances),
  part('transactions_stored', transactionsPart, ({ transactions }) => transactions),
  part('merchant_balances_stored', merchantBalancesPart, ({ merchantBalances }) => merchantBalances),
  part('merchant_transactions_stored', merchantTransactionsPart, ({ merchantTransactions }) => merchantTransactions),
];

/** Of the offset's move and the notifications. */
const OWN_PARAMETERS = 7;
const NO_ROWS: StatusRows = {
  ...{ outcomes: [], balances: [], transactions: [], merchantBalances: [], merchantTransactions: [] },
};
const TEXT = statementOf(PARTS);

/**
 * Not waited for on disk: the offset is stored beside it, so what a crash of the server takes is read again from the log.
 * Who holds a row for long is waited for no longer than a statement may take, or the records would seem to be at fault.
 * @throws OffsetMovedError when the offset is not at `move.from`, and then nothing was written
 */
export async function saveStatus(
  database: Queryable,
  move: OffsetMove,
  rows: StatusRows,
  { channel, payloads }: Notifications,
): Promise<void> {
  const { group, topic, partition, from, to } = move;
  const [row] = await database.query<{ moved: boolean }>({
    name: 'save-status',
    text: TEXT,
    values: [group, topic, partition, from, to, channel, payloads, ...PARTS.flatMap((each) => each.parameters(rows))],
  });
  if (row?.moved !== true) throw new OffsetMovedError(move, from);
}

function statementOf(parts: readonly NamedPart[]): string {
  let count = OWN_PARAMETERS;
  const inserts = parts.map(({ name, text, parameters }) => {
    const insert = `${name} AS (${renumber(text, count)})`;
    count += parameters(NO_ROWS).length;
    return insert;
  });
  return `WITH moved AS (
            UPDATE consumer_offsets SET next_offset = $5
             WHERE group_id = $1 AND topic = $2 AND partition = $3 AND next_offset = $4
               AND (SELECT set_config('synchronous_commit', 'off', true) || set_config('lock_timeout', '3s', true)) <> ''
            RETURNING 1
          ), ${inserts.join(', ')}
          SELECT EXISTS (SELECT FROM moved) AS moved,
                 (SELECT count(pg_notify($6, payload)) FROM unnest($7::text[]) AS n(payload)
                   WHERE EXISTS (SELECT FROM moved)) AS told`;
}

/** The part's text with its parameters numbered behind `count` others. */
function renumber(text: string, count: number): string {
  return text.replace(/\$(?<number>\d+)/g, (_match, number: string) => `$${Number(number) + count}`);
}
