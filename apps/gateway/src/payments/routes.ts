// The routes of payments.
import type { Route } from '@paystream/http';
import type { Caller } from '../access/authenticate.ts';
import type { GatewayContext } from '../context.ts';
import { DryRunObject, showDryRun } from '../estimates/dry-run-model.ts';
import { dryRun } from '../estimates/dry-run.ts';
import { listRoute } from '../list-route.ts';
import { batchRoute } from './batch-route.ts';
import { MONEY_FIELD_CODES, PaymentObject, PaymentRequestBody } from './model.ts';
import { askRoute, showRoute } from './operation-routes.ts';
import { PAYMENTS_PATH, toPaymentClaim } from './payment-claim.ts';

export function paymentRoutes(context: GatewayContext): Route<Caller>[] {
  const shared = { path: PAYMENTS_PATH, noun: 'payment', schema: PaymentObject };
  return [
    askRoute(context, {
      ...shared,
      scope: 'payments:write',
      body: PaymentRequestBody,
      fieldCodes: MONEY_FIELD_CODES,
      toClaim: (asked) => {
        // One that says it is no dry run is the same request as one that says nothing.
        const { dry_run: _, ...body } = asked.body;
        return toPaymentClaim({ ...asked, body });
      },
      tryOut: {
        answer: { description: 'A dry run: what would be decided, posted and published', schema: DryRunObject },
        run: ({ caller, body: { dry_run: isDryRun = false, ...body } }) =>
          isDryRun ? dryRun(context, caller, body).then(showDryRun) : null,
      },
      locationOf: ({ id }) => `${PAYMENTS_PATH}/${id}`,
    }),
    batchRoute(context),
    listRoute(context, {
      ...{ list: 'payments', path: PAYMENTS_PATH, prefix: 'pay', nouns: 'Payments', schema: PaymentObject },
    }),
    showRoute(context, { ...shared, prefix: 'pay', operations: ['pay', 'authorize'] }),
  ];
}
