// The routes of customers: create, show, and what is known of their money.
import type { HttpRequest, Route } from '@paystream/http';
import { defineRoute, HttpError } from '@paystream/http';
import { fromUuid } from '@paystream/payments';
import type { Caller } from '../access/authenticate.ts';
import type { GatewayContext } from '../context.ts';
import { optionalKey } from '../idempotency/idempotency-key.ts';
import { fromCursor } from '../log-cursor.ts';
import { uuidOf } from '../operation-id.ts';
import { PageQuery, pageSizeOf } from '../paging.ts';
import type { StoredCustomer } from '../store/read-own-customer.ts';
import { readOwnCustomer } from '../store/read-own-customer.ts';
import { listTransactions } from '../store/list-transactions.ts';
import { readBalances } from '../store/read-balances.ts';
import { createCustomer } from './create-customer.ts';
import { BalanceList, CustomerBody, CustomerObject, TransactionPage } from './model.ts';
import { showBalances, showTransactions } from './show-money.ts';
import { showCustomer } from './show-customer.ts';

export function customerRoutes(context: GatewayContext): Route<Caller>[] {
  return [createRoute(context), showRoute(context), balancesRoute(context), transactionsRoute(context)];
}

function createRoute(context: GatewayContext): Route<Caller> {
  return defineRoute({
    method: 'POST',
    path: '/v1/customers',
    summary: 'Create a customer',
    access: { scope: 'payments:write' },
    headers: { 'idempotency-key': { description: '1 to 255 visible characters; makes a retry safe', required: false } },
    body: CustomerBody,
    answers: {
      201: { description: 'The customer', schema: CustomerObject, headers: { location: 'Where it is shown' } },
    },
    handle: async (request: HttpRequest<Caller, CustomerBody>) => {
      const idempotencyKey = optionalKey(request.header('idempotency-key'));
      const { principal: caller, body } = request;
      const { stored, replayed } = await createCustomer(context, { caller, idempotencyKey, body });
      const location = `/v1/customers/${fromUuid('cus', stored.uuid)}`;
      const headers = replayed ? { location, 'idempotent-replayed': 'true' } : { location };
      return { status: 201, json: showCustomer(stored, context.vault), headers };
    },
  });
}

function showRoute(context: GatewayContext): Route<Caller> {
  return defineRoute({
    method: 'GET',
    path: '/v1/customers/:id',
    summary: 'One customer',
    access: { scope: null },
    answers: { 200: { description: 'The customer', schema: CustomerObject } },
    handle: async (request: HttpRequest<Caller>) => {
      const stored = await ownCustomer(context, request);
      return { status: 200, json: showCustomer(stored, context.vault) };
    },
  });
}

function balancesRoute(context: GatewayContext): Route<Caller> {
  return defineRoute({
    method: 'GET',
    path: '/v1/customers/:id/balances',
    summary: "Balances of a customer's wallets",
    access: { scope: 'ledger:read' },
    answers: { 200: { description: 'One balance per currency', schema: BalanceList } },
    handle: async (request: HttpRequest<Caller>) => {
      const { uuid } = await ownCustomer(context, request);
      return { status: 200, value: showBalances(await readBalances(context.database, uuid)) };
    },
  });
}

function transactionsRoute(context: GatewayContext): Route<Caller> {
  return defineRoute({
    method: 'GET',
    path: '/v1/customers/:id/transactions',
    summary: "What happened to a customer's wallets, newest first",
    access: { scope: 'ledger:read' },
    query: PageQuery,
    answers: { 200: { description: 'A page of transactions', schema: TransactionPage } },
    handle: async (request: HttpRequest<Caller, unknown, PageQuery>) => {
      const { starting_after, limit: asked } = request.query;
      const limit = pageSizeOf(asked);
      const before = starting_after === undefined ? null : fromCursor(starting_after, 'starting_after');
      const { uuid: customerUuid } = await ownCustomer(context, request);
      // One more than is shown says whether there are more.
      const rows = await listTransactions(context.database, { customerUuid, before, limit: limit + 1 });
      return { status: 200, value: showTransactions(rows, limit) };
    },
  });
}

async function ownCustomer({ database }: GatewayContext, request: HttpRequest<Caller>): Promise<StoredCustomer> {
  const uuid = uuidOf('cus', request.params['id'] ?? '');
  if (uuid === undefined) throw new HttpError('object_not_found');
  const { merchantUuid, environment } = request.principal;
  const stored = await readOwnCustomer(database, { uuid, merchantUuid, environment });
  if (stored === undefined) throw new HttpError('object_not_found');
  return stored;
}
