// Makes the route of a list of operations, newest first, from either side of any of them.
import type { HttpRequest, Route } from '@paystream/http';
import { CLOSED, defineRoute, HttpError } from '@paystream/http';
import type { Prefix } from '@paystream/payments';
import { Type } from 'typebox';
import type { Static, TSchema } from 'typebox';
import type { Caller } from './access/authenticate.ts';
import type { GatewayContext } from './context.ts';
import { uuidOf } from './operation-id.ts';
import { Limit, pageOf, pageSizeOf, renderPage } from './paging.ts';
import { showOperation } from './payments/show.ts';
import type { OperationList, OperationsPage } from './store/list-operations.ts';
import { listOperations } from './store/list-operations.ts';
import { readOwnOperation } from './store/read-own-operation.ts';

const Query = Type.Object(
  {
    limit: Limit,
    starting_after: Type.Optional(Type.String({ description: 'Those older than this one' })),
    ending_before: Type.Optional(Type.String({ description: 'Those newer than this one, the nearest of them' })),
  },
  CLOSED,
);
type Query = Static<typeof Query>;

export interface ListEndpoint {
  list: OperationList;
  /** With `:id` of the payment whose they are, where the list has one. */
  path: string;
  prefix: Prefix;
  /** `Payments`, as it begins a summary. */
  nouns: string;
  schema: TSchema;
}

export function listRoute({ database, vault }: GatewayContext, endpoint: ListEndpoint): Route<Caller> {
  const { list, path, prefix, nouns, schema } = endpoint;
  return defineRoute({
    method: 'GET',
    path,
    summary: `${nouns}, newest first`,
    access: { scope: null },
    query: Query,
    answers: { 200: { description: 'A page of them', schema: pageOf(schema) } },
    handle: async ({ principal, query, params }: HttpRequest<Caller, unknown, Query>) => {
      const limit = pageSizeOf(query.limit);
      const cursor = cursorOf(query, prefix);
      const { merchantUuid, environment } = principal;
      const paymentId = params['id'] ?? null;
      if (paymentId !== null) await requirePayment(paymentId, principal);
      // One more than is shown says whether there are more.
      const page = { list, merchantUuid, environment, paymentId, cursor, limit: limit + 1 };
      const found = await listOperations(database, page);
      if (found === undefined) {
        throw new HttpError('parameter_invalid', { detail: 'The cursor is none of this list.' });
      }
      const isNewer = cursor?.side === 'newer';
      const shown = isNewer ? found.slice(-limit) : found.slice(0, limit);
      const next = found.length > limit ? (isNewer ? shown.at(0) : shown.at(-1)) : undefined;
      const items = shown.map((stored) => showOperation(stored, vault));
      return { status: 200, json: renderPage(items, next?.id ?? null) };
    },
  });

  async function requirePayment(id: string, { merchantUuid, environment }: Caller): Promise<void> {
    const uuid = uuidOf('pay', id);
    const key = { operations: ['pay', 'authorize'] as const, merchantUuid, environment };
    const payment = uuid && (await readOwnOperation(database, { ...key, uuid }));
    if (payment === undefined) throw new HttpError('object_not_found');
  }
}

function cursorOf({ starting_after, ending_before }: Query, prefix: Prefix): OperationsPage['cursor'] {
  if (starting_after !== undefined && ending_before !== undefined) {
    throw new HttpError('parameter_invalid', {
      param: 'ending_before',
      detail: 'A page has one side: name one cursor.',
    });
  }
  if (starting_after !== undefined) {
    return { uuid: cursorUuid(starting_after, 'starting_after', prefix), side: 'older' };
  }
  if (ending_before !== undefined) return { uuid: cursorUuid(ending_before, 'ending_before', prefix), side: 'newer' };
  return null;
}

function cursorUuid(id: string, param: string, prefix: Prefix): string {
  const uuid = uuidOf(prefix, id);
  if (uuid === undefined)
    throw new HttpError('parameter_invalid', { param, detail: `${param} is not an id of this list.` });
  return uuid;
}
