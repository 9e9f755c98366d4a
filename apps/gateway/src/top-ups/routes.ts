// The routes of top-ups: money out of nowhere into a wallet, for the sandbox only.
import type { Route } from '@paystream/http';
import { HttpError } from '@paystream/http';
import type { Caller } from '../access/authenticate.ts';
import type { GatewayContext } from '../context.ts';
import { TopUpObject } from '../payments/model.ts';
import type { OperationEndpoint } from '../payments/operation-routes.ts';
import { askRoute, showRoute } from '../payments/operation-routes.ts';

const endpoint: OperationEndpoint = {
  operation: 'top_up',
  path: '/v1/top_ups',
  prefix: 'tu',
  noun: 'top-up',
  schema: TopUpObject,
  check: ({ environment }) => {
    if (environment !== 'test') throw new HttpError('not_available_in_live');
  },
};

export function topUpRoutes(context: GatewayContext): Route<Caller>[] {
  return [askRoute(context, endpoint), showRoute(context, endpoint)];
}
