// The routes of top-ups: money out of nowhere into a wallet, for the sandbox only.
import type { Route } from '@paystream/http';
import { HttpError } from '@paystream/http';
import type { Caller } from '../access/authenticate.ts';
import type { GatewayContext } from '../context.ts';
import { MONEY_FIELD_CODES, TopUpBody, TopUpObject } from '../payments/model.ts';
import { moneyClaim } from '../payments/money-claim.ts';
import { askRoute, showRoute } from '../payments/operation-routes.ts';

const PATH = '/v1/top_ups';

export function topUpRoutes(context: GatewayContext): Route<Caller>[] {
  const shared = { path: PATH, noun: 'top-up', schema: TopUpObject };
  return [
    askRoute(context, {
      ...shared,
      scope: 'payments:write',
      body: TopUpBody,
      fieldCodes: MONEY_FIELD_CODES,
      toClaim: (asked) => {
        if (asked.caller.environment !== 'test') throw new HttpError('not_available_in_live');
        return { ...moneyClaim('top_up', PATH, asked), amountMinor: BigInt(asked.body.amount) };
      },
      locationOf: ({ id }) => `${PATH}/${id}`,
    }),
    showRoute(context, { ...shared, prefix: 'tu', operations: ['top_up'] }),
  ];
}
