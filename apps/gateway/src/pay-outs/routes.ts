// The routes of pay-outs: a merchant's balance or a customer's wallet, to nowhere until there are providers.
import type { Route } from '@paystream/http';
import { HttpError } from '@paystream/http';
import type { Caller } from '../access/authenticate.ts';
import type { GatewayContext } from '../context.ts';
import type { Claim } from '../intake/claim.ts';
import { listRoute } from '../list-route.ts';
import { MONEY_FIELD_CODES } from '../payments/model.ts';
import { moneyClaim } from '../payments/money-claim.ts';
import type { Asked } from '../payments/operation-routes.ts';
import { askRoute, showRoute } from '../payments/operation-routes.ts';
import { PayOutBody, PayOutObject } from './model.ts';

const PATH = '/v1/payouts';

export function payOutRoutes(context: GatewayContext): Route<Caller>[] {
  const shared = { path: PATH, noun: 'pay-out', schema: PayOutObject };
  return [
    askRoute(context, {
      ...shared,
      scope: 'payments:write',
      body: PayOutBody,
      fieldCodes: MONEY_FIELD_CODES,
      toClaim: toPayOutClaim,
      locationOf: ({ id }) => `${PATH}/${id}`,
    }),
    listRoute(context, { list: 'pay_outs', path: PATH, prefix: 'po', nouns: 'Pay-outs', schema: PayOutObject }),
    showRoute(context, { ...shared, prefix: 'po', operations: ['pay_out'] }),
  ];
}

function toPayOutClaim(asked: Asked<PayOutBody>): Claim {
  const { caller, body } = asked;
  if (caller.environment !== 'test') throw new HttpError('not_available_in_live');
  const payeeType = body.customer === undefined ? 'merchant' : 'customer';
  return {
    ...moneyClaim('pay_out', PATH, asked),
    amountMinor: BigInt(body.amount),
    terms: { payOut: { payeeType, destinationMethodId: null } },
  };
}
