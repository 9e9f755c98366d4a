// The route by which operators end a pay-out of which no right report comes: as a report in their own name, on the log.
import type { Answer, HttpRequest, Route } from '@paystream/http';
import { defineRoute, HttpError } from '@paystream/http';
import { factIdOf, toUuid } from '@paystream/payments';
import type { ProviderEvent } from '@paystream/topics';
import type { GatewayContext } from '../context.ts';
import { fingerprintOf } from '../idempotency/fingerprint.ts';
import { uuidOf } from '../operation-id.ts';
import { insertProviderEvent } from '../store/insert-provider-event.ts';
import { readClock } from '../store/read-clock.ts';
import type { StoredOrder } from '../store/read-order.ts';
import { readOrder } from '../store/read-order.ts';
import type { Resolver } from '../store/read-resolvers.ts';
import { readResolvers } from '../store/read-resolvers.ts';
import { IN_TRANSIT } from '../status/account-changes.ts';
import type { Operator } from './authenticate.ts';
import { isAbove } from './correction-lines.ts';
import { checkReason, newReasonId, recordAction } from './reason.ts';
import { ResolutionBody, ResolutionObject } from './resolution-model.ts';

/** In the place of a provider's name. */
const PROVIDER = 'operator';

export function resolutionRoute(context: GatewayContext, aloneMax: number): Route<Operator> {
  return defineRoute({
    method: 'POST',
    path: '/v1/payouts/:id/resolve',
    summary: 'Say how a pay-out on its way has ended; above a limit when another person says the same',
    access: { scope: null },
    body: ResolutionBody,
    answers: { 202: { description: 'It waits for another person, or is told on the log', schema: ResolutionObject } },
    handle: async ({ principal: operator, body, params }: HttpRequest<Operator, ResolutionBody>) => {
      checkReason(body);
      const payOut = await payOutOnItsWay(context, params['id'] ?? '');
      return resolve(context, { operator, body, payOut, aloneMax });
    },
  });
}

/** @throws HttpError when there is none of this id, or when it has ended or was never admitted */
async function payOutOnItsWay({ database }: GatewayContext, id: string): Promise<StoredOrder> {
  const uuid = uuidOf('po', id);
  const order = uuid === undefined ? undefined : await readOrder(database, uuid);
  if (order?.operation !== 'pay_out') throw new HttpError('object_not_found');
  if (order.status !== null || order.stateStatus !== IN_TRANSIT) throw new HttpError('payout_not_in_transit');
  return order;
}

interface Resolution {
  operator: Operator;
  body: ResolutionBody;
  payOut: StoredOrder;
  aloneMax: number;
}

/** Keeps who says so with the reason, once each, and tells it on the log when enough persons do. */
async function resolve(context: GatewayContext, { operator, body, payOut, aloneMax }: Resolution): Promise<Answer> {
  const { id: payOutId, amountMinor, currency } = payOut;
  const action = `pay_out.resolve.${body.outcome}`;
  const isForTwo = isAbove([{ currency: currency ?? '', amountMinor: amountMinor ?? 0n }], aloneMax);
  const { resolvers, event } = await context.database.transaction(async (transaction) => {
    const before = await readResolvers(transaction, { payOutUuid: toUuid(payOutId), payOutId, action });
    const isNew = !before.some(({ operatorId }) => operatorId === operator.operatorId);
    const says = { operatorId: operator.operatorId, reasonCode: body.reason_code };
    const all = isNew ? [...before, says] : before;
    if (isNew) {
      const ordered = { reasonId: newReasonId(), operator, action, objectId: payOutId, reasoned: body };
      await recordAction(transaction, {
        ...ordered,
        result: all.length > 1 || !isForTwo ? 'told' : 'awaiting_approval',
      });
    }
    const deciding = all.slice(0, isForTwo ? 2 : 1);
    if (isForTwo && deciding.length < 2) return { resolvers: all, event: null };
    const told = toEvent(payOut, body.outcome, deciding, await readClock(transaction));
    await insertProviderEvent(transaction, {
      ...{ event: told, merchantUuid: payOut.merchantUuid },
      operationUuid: toUuid(factIdOf(PROVIDER, told.providerEventId)),
      fingerprint: fingerprintOf('POST', action, { payout: payOutId }),
    });
    return { resolvers: all, event: told };
  });
  if (event !== null) context.publishProviderEvents();
  return {
    status: 202,
    value: {
      ...{ object: 'resolution', payout: payOutId, outcome: body.outcome },
      status: event === null ? 'awaiting_approval' : 'told',
      operators: resolvers.map(({ operatorId }) => operatorId),
      operation: event && factIdOf(PROVIDER, event.providerEventId),
    },
  };
}

/** Who decided is on the log as the event's own id, which is the same however often it is told. */
function toEvent(
  payOut: StoredOrder,
  outcome: ResolutionBody['outcome'],
  deciding: readonly Resolver[],
  nowMicros: bigint,
): ProviderEvent {
  const { id, merchantId, environment, customerId, amountMinor, currency } = payOut;
  const operatorIds = deciding.map(({ operatorId }) => operatorId).join('+');
  return {
    providerEventId: `${id}:${outcome}:${operatorIds}`,
    provider: PROVIDER,
    ...{ environment, merchantId, customerId, amountMinor, currency },
    type: outcome === 'paid' ? 'pay_out_paid' : 'pay_out_failed',
    ...{ providerReference: id, operationId: id, paymentId: id, attemptId: null, disputeId: null, feeMinor: null },
    ...{ code: null, reasonCode: deciding[0]?.reasonCode ?? null, dueBy: null },
    ...{ occurredAt: nowMicros, receivedAt: nowMicros },
  };
}
