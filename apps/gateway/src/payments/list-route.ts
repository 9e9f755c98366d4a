// The route that lists payments, newest first, from either side of any of them.
import type { HttpRequest, Route } from '@paystream/http';
import { defineRoute, HttpError } from '@paystream/http';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { Caller } from '../access/authenticate.ts';
import type { GatewayContext } from '../context.ts';
import { operationId, uuidOf } from '../operation-id.ts';
import { Limit, pageOf, pageSizeOf, renderPage } from '../paging.ts';
import type { PaymentsPage } from '../store/list-payments.ts';
import { listPayments } from '../store/list-payments.ts';
import { PaymentObject } from './model.ts';
import { showOperation } from './show.ts';

const Query = Type.Object(
  {
    limit: Limit,
    starting_after: Type.Optional(Type.String({ description: 'The payments older than this one' })),
    ending_before: Type.Optional(Type.String({ description: 'The payments newer than this one, the nearest of them' })),
  },
  { additionalProperties: false },
);
type Query = Static<typeof Query>;

export function listRoute({ database, vault }: GatewayContext): Route<Caller> {
  return defineRoute({
    method: 'GET',
    path: '/v1/payments',
    summary: 'Payments, newest first',
    access: { scope: null },
    query: Query,
    answers: { 200: { description: 'A page of payments', schema: pageOf(PaymentObject) } },
    handle: async ({ principal, query }: HttpRequest<Caller, unknown, Query>) => {
      const limit = pageSizeOf(query.limit);
      const cursor = cursorOf(query);
      const { merchantUuid, environment } = principal;
      // One more than is shown says whether there are more.
      const found = await listPayments(database, { merchantUuid, environment, cursor, limit: limit + 1 });
      if (found === undefined)
        throw new HttpError('parameter_invalid', { detail: 'The cursor is no payment of yours.' });
      const isNewer = cursor?.side === 'newer';
      const shown = isNewer ? found.slice(-limit) : found.slice(0, limit);
      const next = found.length > limit ? (isNewer ? shown.at(0) : shown.at(-1)) : undefined;
      const items = shown.map((stored) => showOperation(stored, vault));
      return { status: 200, json: renderPage(items, next === undefined ? null : operationId('pay', next.uuid)) };
    },
  });
}

function cursorOf({ starting_after, ending_before }: Query): PaymentsPage['cursor'] {
  if (starting_after !== undefined && ending_before !== undefined) {
    throw new HttpError('parameter_invalid', {
      param: 'ending_before',
      detail: 'A page has one side: name one cursor.',
    });
  }
  if (starting_after !== undefined) return { uuid: cursorUuid(starting_after, 'starting_after'), side: 'older' };
  if (ending_before !== undefined) return { uuid: cursorUuid(ending_before, 'ending_before'), side: 'newer' };
  return null;
}

function cursorUuid(id: string, param: string): string {
  const uuid = uuidOf('pay', id);
  if (uuid === undefined)
    throw new HttpError('parameter_invalid', { param, detail: `${param} is not the id of a payment.` });
  return uuid;
}
