// The route that tells what a payment would cost; it writes nothing, and asks no ledger.
import type { HttpRequest, Route } from '@paystream/http';
import { defineRoute } from '@paystream/http';
import type { Caller } from '../access/authenticate.ts';
import type { GatewayContext } from '../context.ts';
import { MONEY_FIELD_CODES } from '../payments/model.ts';
import { EstimateBody, EstimateObject, showEstimate } from './model.ts';
import { tryClaim } from './try-claim.ts';

export function estimateRoutes(context: GatewayContext): Route<Caller>[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/v1/estimates',
      summary: 'What a payment would cost',
      access: { scope: 'payments:write' },
      body: EstimateBody,
      fieldCodes: MONEY_FIELD_CODES,
      answers: { 200: { description: 'Fees, conversion, and who pays and gets what', schema: EstimateObject } },
      handle: async ({ principal, body }: HttpRequest<Caller, EstimateBody>) => ({
        status: 200,
        value: showEstimate(await tryClaim(context, principal, body)),
      }),
    }),
  ];
}
