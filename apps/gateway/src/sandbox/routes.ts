// The route by which a test tells what the sandbox's provider would: how disputes and pay-outs go on outside.
import type { HttpRequest, Route } from '@paystream/http';
import { defineRoute, HttpError } from '@paystream/http';
import { factIdOf, toUuid } from '@paystream/payments';
import type { Caller } from '../access/authenticate.ts';
import type { GatewayContext } from '../context.ts';
import { fingerprintOf } from '../idempotency/fingerprint.ts';
import { insertProviderEvent } from '../store/insert-provider-event.ts';
import { readProviderEvent } from '../store/read-provider-event.ts';
import { readClock } from '../store/read-clock.ts';
import { EventBody, EventObject, showEvent } from './model.ts';
import { toEvent } from './to-event.ts';

const PATH = '/v1/sandbox/provider_events';

export function sandboxRoutes(context: GatewayContext): Route<Caller>[] {
  const { database } = context;
  return [
    defineRoute({
      method: 'POST',
      path: PATH,
      summary: 'Tell, in a test, what a provider would: how a dispute or a pay-out goes on',
      access: { scope: 'payments:write' },
      body: EventBody,
      answers: {
        202: {
          description: 'It is stored and will be on the log once',
          schema: EventObject,
          headers: { 'idempotent-replayed': '`true` when it was told before' },
        },
      },
      handle: async ({ principal: caller, body }: HttpRequest<Caller, EventBody>) => {
        if (caller.environment !== 'test') throw new HttpError('not_available_in_live');
        const event = await toEvent(database, caller, body, await readClock(database));
        const fingerprint = fingerprintOf('POST', PATH, body);
        const isNew = await insertProviderEvent(database, {
          ...{ event, fingerprint },
          operationUuid: toUuid(factIdOf(event.provider, event.providerEventId)),
          merchantUuid: caller.merchantUuid,
        });
        const stored = await readProviderEvent(database, event);
        if (stored === undefined) throw new HttpError('request_in_progress');
        if (!stored.fingerprint.equals(fingerprint)) throw new HttpError('idempotency_key_reused', { param: '/id' });
        context.publishProviderEvents();
        const headers: Record<string, string> = isNew ? {} : { 'idempotent-replayed': 'true' };
        return { status: 202, value: showEvent(body.id, stored.event), headers };
      },
    }),
  ];
}
