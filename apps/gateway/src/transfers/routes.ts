// The routes of transfers between customers.
import type { Route } from '@paystream/http';
import type { Caller } from '../access/authenticate.ts';
import type { GatewayContext } from '../context.ts';
import { listRoute } from '../list-route.ts';
import { MONEY_FIELD_CODES } from '../payments/model.ts';
import { askRoute, showRoute } from '../payments/operation-routes.ts';
import { TransferBody, TransferObject } from './model.ts';
import { toTransferClaim, TRANSFERS_PATH } from './to-claim.ts';

export function transferRoutes(context: GatewayContext): Route<Caller>[] {
  const shared = { path: TRANSFERS_PATH, noun: 'transfer', schema: TransferObject };
  return [
    askRoute(context, {
      ...shared,
      scope: 'payments:write',
      body: TransferBody,
      fieldCodes: { ...MONEY_FIELD_CODES, '/platform_fee': 'amount_invalid' },
      toClaim: toTransferClaim,
      locationOf: ({ id }) => `${TRANSFERS_PATH}/${id}`,
    }),
    listRoute(context, {
      ...{ list: 'transfers', path: TRANSFERS_PATH, prefix: 'tr', nouns: 'Transfers', schema: TransferObject },
    }),
    showRoute(context, { ...shared, prefix: 'tr', operations: ['transfer'] }),
  ];
}
