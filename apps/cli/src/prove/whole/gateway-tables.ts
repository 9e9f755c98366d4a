// Reads what the gateway shows to merchants out of one picture of its database, each row by its key and as text.

import { readInChunks } from '@paystream/database';
import type { Transaction } from '@paystream/database';
import type { Chunks, GatewayTables, KeyedText, ViewTable } from '@paystream/proof';
import { sayBalance, sayState, storedOutcomeRow } from '@paystream/proof';

const micros = (column: string): string => `(extract(epoch FROM ${column}) * 1000000)::bigint`;
const digits = (column: string): string => `replace(${column}::text, '-', '')`;
const words = (...columns: string[]): string => `concat_ws(' ', ${columns.join(', ')})`;
const path = (...columns: string[]): string => `concat_ws('/', ${columns.join(', ')})`;
const orDash = (column: string): string => `coalesce(${column}, '-')`;

/** The transaction must stay open, and on one snapshot, until they are read for the last time. */
export function gatewayTables(transaction: Transaction): GatewayTables {
  const read = <Row extends object>(text: string): Chunks<Row> => readInChunks<Row>(transaction, { text });
  const plain = (name: string, key: string, text: string): ViewTable => ({
    name: `gateway.${name}`,
    rows: () => read<KeyedText>(`SELECT ${key} AS key, ${text} AS text FROM ${name}`),
  });
  const mapped = (name: string, rows: () => Chunks<KeyedText>): ViewTable => ({ name: `gateway.${name}`, rows });
  return {
    outcomes: mapped('outcomes', () =>
      mapChunks(
        read<StoredOutcome>(`SELECT operation_id::text AS uuid, status, failure_code AS "failureCode",
                                    ${micros('settled_at')} AS "settledAt", answer FROM outcomes`),
        storedOutcomeRow,
      ),
    ),
    transactions: plain(
      'transactions',
      path(digits('customer_id'), 'ledger_number', 'ledger_index', 'currency'),
      words(
        ...['operation_id', 'payment_id', 'kind', 'status', 'amount_minor', 'held_change_minor', orDash('method_type')],
        ...[orDash('counterparty_id'), 'balance_after_minor', micros('settled_at')],
      ),
    ),
    merchantTransactions: plain(
      'merchant_transactions',
      path(digits('merchant_id'), 'environment', 'ledger_number', 'ledger_index', 'account_kind', 'currency'),
      words(
        ...['operation_id', 'payment_id', 'kind', 'gross_minor', 'fee_minor', 'net_minor', 'balance_after_minor'],
        micros('settled_at'),
      ),
    ),
    balances: mapped('customer_balances', () =>
      mapChunks(read<BalanceRow>(balancesText('customer_balances', ['currency'], 'customer_id')), toBalance),
    ),
    merchantBalances: mapped('merchant_balances', () =>
      mapChunks(
        read<BalanceRow>(balancesText('merchant_balances', ['environment', 'kind', 'currency'], 'merchant_id')),
        toBalance,
      ),
    ),
    states: mapped('payment_states', () =>
      mapChunks(
        read<StateRow>(`SELECT ${digits('payment_id')} AS key, status, authorized_minor AS "authorizedMinor",
                               captured_minor AS "capturedMinor", refunded_minor AS "refundedMinor",
                               disputed_minor AS "disputedMinor", ledger_number AS "ledgerNumber", ledger_index AS index
                          FROM payment_states`),
        ({ key, ...row }) => ({ key, text: sayState(row.status, row, row) }),
      ),
    ),
  };
}

type StoredOutcome = Parameters<typeof storedOutcomeRow>[0];

interface StateRow {
  readonly key: string;
  readonly status: string;
  readonly authorizedMinor: bigint;
  readonly capturedMinor: bigint;
  readonly refundedMinor: bigint;
  readonly disputedMinor: bigint;
  readonly ledgerNumber: bigint;
  readonly index: number;
}

interface BalanceRow {
  readonly key: string;
  readonly postedMinor: bigint;
  readonly heldMinor: bigint;
  readonly version: bigint;
}

function balancesText(table: string, columns: readonly string[], owner: string): string {
  return `SELECT ${path(digits(owner), ...columns)} AS key, posted_minor AS "postedMinor", held_minor AS "heldMinor",
                 version FROM ${table}`;
}

function toBalance({ key, ...row }: BalanceRow): KeyedText {
  return { key, text: sayBalance(row) };
}

async function* mapChunks<Row, Item>(chunks: Chunks<Row>, toItem: (row: Row) => Item): Chunks<Item> {
  for await (const chunk of chunks) yield chunk.map(toItem);
}
