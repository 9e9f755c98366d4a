// The routes of disputes: what customers contest, and what the merchant says to it.
import type { HttpRequest, Route } from '@paystream/http';
import { defineRoute, HttpError } from '@paystream/http';
import { fromUuid } from '@paystream/payments';
import type { Caller } from '../access/authenticate.ts';
import type { GatewayContext } from '../context.ts';
import { uuidOf } from '../operation-id.ts';
import { cutPage, pageOf, PageQuery, pageSizeOf } from '../paging.ts';
import { insertEvidence } from '../store/insert-evidence.ts';
import { lockForEvidence } from '../store/lock-for-evidence.ts';
import { readEvidence } from '../store/read-evidence.ts';
import { listDisputes } from '../store/list-disputes.ts';
import { readOwnDispute } from '../store/read-own-dispute.ts';
import { checkText } from '../text-rules.ts';
import { DisputeObject, EvidenceBody, showDispute } from './model.ts';

export function disputeRoutes(context: GatewayContext): Route<Caller>[] {
  return [listRoute(context), showRoute(context), evidenceRoute(context)];
}

function listRoute({ database, vault }: GatewayContext): Route<Caller> {
  return defineRoute({
    method: 'GET',
    path: '/v1/disputes',
    summary: 'Disputes, newest first',
    access: { scope: null },
    query: PageQuery,
    answers: { 200: { description: 'A page of disputes', schema: pageOf(DisputeObject) } },
    handle: async ({ principal, query }: HttpRequest<Caller, unknown, PageQuery>) => {
      const limit = pageSizeOf(query.limit);
      const beforeUuid = await cursorOf(query.starting_after, principal);
      // One more than is shown says whether there are more.
      const found = await listDisputes(database, principal, { beforeUuid, limit: limit + 1 });
      const { shown, ending } = cutPage(found, limit, ({ uuid }) => fromUuid('dp', uuid));
      const evidence = await readEvidence(
        database,
        shown.map(({ uuid }) => uuid),
      );
      const data = shown.map((dispute) => showDispute(dispute, evidence, vault));
      return { status: 200, value: { data, ...ending } };
    },
  });

  async function cursorOf(cursor: string | undefined, caller: Caller): Promise<string | null> {
    if (cursor === undefined) return null;
    const uuid = uuidOf('dp', cursor);
    const dispute = uuid === undefined ? undefined : await readOwnDispute(database, uuid, caller);
    if (dispute !== undefined) return dispute.uuid;
    const detail = 'starting_after is no dispute of yours.';
    throw new HttpError('parameter_invalid', { param: 'starting_after', detail });
  }
}

function showRoute(context: GatewayContext): Route<Caller> {
  return defineRoute({
    method: 'GET',
    path: '/v1/disputes/:id',
    summary: 'One dispute, as it is now',
    access: { scope: null },
    answers: { 200: { description: 'The dispute', schema: DisputeObject } },
    handle: async ({ params, principal }: HttpRequest<Caller>) => ({
      status: 200,
      value: await shownDispute(context, idOf(params), principal),
    }),
  });
}

function evidenceRoute(context: GatewayContext): Route<Caller> {
  const { database, vault } = context;
  return defineRoute({
    method: 'POST',
    path: '/v1/disputes/:id/evidence',
    summary: 'Say what speaks against a dispute',
    access: { scope: 'payments:write' },
    body: EvidenceBody,
    answers: { 200: { description: 'The dispute, now under review', schema: DisputeObject } },
    handle: async ({ params, principal, body: { text } }: HttpRequest<Caller, EvidenceBody>) => {
      checkText(text, '/text');
      const disputeUuid = idOf(params);
      const { merchantUuid, environment } = principal;
      await database.transaction(async (transaction) => {
        const dispute = await lockForEvidence(transaction, { uuid: disputeUuid, merchantUuid, environment });
        if (dispute === undefined) throw new HttpError('object_not_found');
        if (!TAKES_EVIDENCE.has(dispute.status)) throw new HttpError('dispute_closed');
        if (dispute.isPastDue) throw new HttpError('evidence_past_due');
        if (dispute.keySealed === null) throw new HttpError('customer_erased');
        const textSealed = vault.seal(dispute.keySealed, text);
        const isTaken = await insertEvidence(transaction, { disputeUuid, textSealed });
        if (!isTaken) throw new HttpError('evidence_limit_reached');
      });
      return { status: 200, value: await shownDispute(context, disputeUuid, principal) };
    },
  });
}

const TAKES_EVIDENCE: ReadonlySet<string> = new Set(['needs_response', 'under_review']);

function idOf(params: Readonly<Record<string, string>>): string {
  const uuid = uuidOf('dp', params['id'] ?? '');
  if (uuid === undefined) throw new HttpError('object_not_found');
  return uuid;
}

async function shownDispute({ database, vault }: GatewayContext, uuid: string, caller: Caller): Promise<object> {
  const dispute = await readOwnDispute(database, uuid, caller);
  if (dispute === undefined) throw new HttpError('object_not_found');
  return showDispute(dispute, await readEvidence(database, [uuid]), vault);
}
