// The routes of payments.
import type { Route } from '@paystream/http';
import type { Caller } from '../access/authenticate.ts';
import type { GatewayContext } from '../context.ts';
import { batchRoute } from './batch-route.ts';
import { listRoute } from './list-route.ts';
import { PaymentObject } from './model.ts';
import type { OperationEndpoint } from './operation-routes.ts';
import { askRoute, showRoute } from './operation-routes.ts';

const endpoint: OperationEndpoint = {
  operation: 'pay',
  path: '/v1/payments',
  prefix: 'pay',
  noun: 'payment',
  schema: PaymentObject,
  check: () => undefined,
};

export function paymentRoutes(context: GatewayContext): Route<Caller>[] {
  return [askRoute(context, endpoint), batchRoute(context), listRoute(context), showRoute(context, endpoint)];
}
