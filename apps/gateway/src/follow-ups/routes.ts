// The routes of what follows a payment: capture, cancel, refund, and how to read them again.
import type { Route } from '@paystream/http';
import type { Caller } from '../access/authenticate.ts';
import type { GatewayContext } from '../context.ts';
import { listRoute } from '../list-route.ts';
import { askRoute, showRoute } from '../payments/operation-routes.ts';
import { CancelBody, CancelObject, CaptureBody, CaptureObject, RefundBody, RefundObject } from './model.ts';
import { toCancelClaim, toCaptureClaim, toRefundClaim } from './to-claim.ts';

const fieldCodes = { '/amount': 'amount_invalid' } as const;

export function followUpRoutes(context: GatewayContext): Route<Caller>[] {
  const capture = { path: '/v1/captures', noun: 'capture', schema: CaptureObject };
  const refund = { path: '/v1/refunds', noun: 'refund', schema: RefundObject };
  return [
    askRoute(context, {
      ...{ ...capture, path: '/v1/payments/:id/capture', scope: 'payments:write', body: CaptureBody, fieldCodes },
      toClaim: toCaptureClaim,
      locationOf: ({ id }) => `/v1/captures/${id}`,
    }),
    showRoute(context, { ...capture, prefix: 'cap', operations: ['capture'] }),
    askRoute(context, {
      ...{ path: '/v1/payments/:id/cancel', noun: 'cancel', scope: 'payments:write', body: CancelBody, fieldCodes },
      schema: CancelObject,
      toClaim: toCancelClaim,
      locationOf: ({ paymentId }) => `/v1/payments/${paymentId}`,
    }),
    askRoute(context, {
      ...{ ...refund, path: '/v1/payments/:id/refunds', scope: 'refunds:write', body: RefundBody, fieldCodes },
      toClaim: toRefundClaim,
      locationOf: ({ id }) => `/v1/refunds/${id}`,
    }),
    listRoute(context, {
      ...{ list: 'refunds', path: '/v1/payments/:id/refunds', prefix: 're', nouns: 'Refunds of a payment' },
      schema: RefundObject,
    }),
    showRoute(context, { ...refund, prefix: 're', operations: ['refund'] }),
  ];
}
