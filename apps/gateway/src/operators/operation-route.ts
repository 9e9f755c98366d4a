// The route that shows operators any operation there is.
import type { HttpRequest, Route } from '@paystream/http';
import { defineRoute, HttpError } from '@paystream/http';
import { toUuid } from '@paystream/payments';
import type { GatewayContext } from '../context.ts';
import { readOrder } from '../store/read-order.ts';
import type { Operator } from './authenticate.ts';
import { OperationObject, showOrder } from './operation-model.ts';

export function operationRoute({ database }: GatewayContext): Route<Operator> {
  return defineRoute({
    method: 'GET',
    path: '/v1/operations/:id',
    summary: "One operation, whoever's it is",
    access: { scope: null },
    answers: { 200: { description: 'The operation', schema: OperationObject } },
    handle: async ({ params }: HttpRequest<Operator>) => {
      const id = params['id'] ?? '';
      const uuid = uuidOfAny(id);
      const order = uuid === undefined ? undefined : await readOrder(database, uuid);
      if (order === undefined || order.id !== id) throw new HttpError('object_not_found');
      return { status: 200, value: showOrder(order) };
    },
  });
}

/** The uuid of an id of any prefix; undefined when it is none. */
export function uuidOfAny(id: string): string | undefined {
  try {
    return toUuid(id);
  } catch {
    return undefined;
  }
}
