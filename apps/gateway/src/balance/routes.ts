// The routes of a merchant's own money: balances per currency, and what happened to them.
import type { HttpRequest, Route } from '@paystream/http';
import { defineRoute } from '@paystream/http';
import type { Caller } from '../access/authenticate.ts';
import type { GatewayContext } from '../context.ts';
import { isoMicros } from '../iso-micros.ts';
import { fromCursor, toCursor } from '../log-cursor.ts';
import { cutPage, PageQuery, pageSizeOf } from '../paging.ts';
import type { MerchantTransactionRow } from '../store/list-merchant-transactions.ts';
import { listMerchantTransactions } from '../store/list-merchant-transactions.ts';
import type { MerchantBalanceRow } from '../store/read-merchant-balances.ts';
import { readMerchantBalances } from '../store/read-merchant-balances.ts';
import { BalanceTransactionPage, MerchantBalanceList } from './model.ts';

export function balanceRoutes(context: GatewayContext): Route<Caller>[] {
  return [balanceRoute(context), transactionsRoute(context)];
}

function balanceRoute({ database }: GatewayContext): Route<Caller> {
  return defineRoute({
    method: 'GET',
    path: '/v1/balance',
    summary: 'Your own balances',
    access: { scope: 'ledger:read' },
    answers: { 200: { description: 'One balance per currency', schema: MerchantBalanceList } },
    handle: async ({ principal }: HttpRequest<Caller>) => ({
      status: 200,
      value: { data: (await readMerchantBalances(database, principal)).map(showBalance) },
    }),
  });
}

function transactionsRoute({ database }: GatewayContext): Route<Caller> {
  return defineRoute({
    method: 'GET',
    path: '/v1/balance/transactions',
    summary: 'What happened to your own balances, newest first',
    access: { scope: 'ledger:read' },
    query: PageQuery,
    answers: { 200: { description: 'A page of transactions', schema: BalanceTransactionPage } },
    handle: async ({ principal, query }: HttpRequest<Caller, unknown, PageQuery>) => {
      const { starting_after } = query;
      const limit = pageSizeOf(query.limit);
      const before = starting_after === undefined ? null : fromCursor(starting_after, 'starting_after');
      const { merchantUuid, environment } = principal;
      const page = { merchantUuid, environment, before, limit: limit + 1 };
      // One more than is shown says whether there are more.
      const rows = await listMerchantTransactions(database, page);
      const { shown, ending } = cutPage(rows, limit, cursorOf);
      return { status: 200, value: { data: shown.map(showTransaction), ...ending } };
    },
  });
}

function showBalance({ currency, posted_minor, held_minor, ...row }: MerchantBalanceRow): object {
  return {
    currency,
    posted: posted_minor,
    held: held_minor,
    available: posted_minor - held_minor,
    owed: row.receivable_minor < 0n ? -row.receivable_minor : 0n,
    updated_at: isoMicros(row.updated_at_micros),
  };
}

function showTransaction(row: MerchantTransactionRow): object {
  return {
    operation: row.operation_id,
    payment: row.payment_id,
    kind: row.kind,
    account: row.account_kind,
    gross: row.gross_minor,
    fee: row.fee_minor,
    net: row.net_minor,
    currency: row.currency,
    balance_after: row.balance_after_minor,
    created_at: isoMicros(row.settled_at_micros),
  };
}

function cursorOf(row: MerchantTransactionRow): string {
  return toCursor({
    ledgerNumber: row.ledger_number,
    ledgerIndex: row.ledger_index,
    accountKind: row.account_kind,
    currency: row.currency,
  });
}
