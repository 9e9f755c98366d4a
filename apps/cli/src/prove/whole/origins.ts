// Reads where operations and outside facts come from: what the gateway accepted, and what providers told it.

import { readInChunks } from '@paystream/database';
import type { Queryable, Transaction } from '@paystream/database';
import type { AcceptedRow, Chunks, StoredVersion, ToldEvent } from '@paystream/proof';

const ACCEPTED = `SELECT replace(id::text, '-', '') AS digits, operation, payment_id AS "paymentId", environment,
    replace(merchant_id::text, '-', '') AS merchant, replace(customer_id::text, '-', '') AS customer,
    amount_minor AS "amountMinor", currency, (extract(epoch FROM requested_at) * 1000000)::bigint AS "requestedAt",
    terms::text AS terms FROM operations`;

export function readAccepted(transaction: Transaction): Chunks<AcceptedRow> {
  return readInChunks<AcceptedRow>(transaction, { text: ACCEPTED });
}

export function readUnpublished(transaction: Transaction): Chunks<{ digits: string }> {
  return readInChunks<{ digits: string }>(transaction, {
    text: `SELECT replace(id::text, '-', '') AS digits FROM unpublished_operations`,
  });
}

const DIGITS = /^[0-9a-f]{32}$/;

export function findAccepted(database: Queryable, digits: readonly string[]): Promise<AcceptedRow[]> {
  return database.query<AcceptedRow>({
    text: `${ACCEPTED} WHERE id = ANY($1::uuid[])`,
    values: [digits.filter((each) => DIGITS.test(each))],
  });
}

interface EventRow {
  readonly key: string;
  readonly event: Readonly<Record<string, string | null>>;
}

/** By the digits of a fact's id, or the pay-outs whose ends they tell: only the first version named none of its own. */
export async function findEvents(
  database: Queryable,
  facts: readonly string[],
  payOuts: readonly string[],
): Promise<ToldEvent[]> {
  const rows = await database.query<EventRow>({
    text: `SELECT event FROM provider_events
            WHERE operation_id = ANY($1::uuid[])
               OR ($2::text[] <> '{}' AND coalesce(event ->> 'paymentId', event ->> 'operationId') = ANY($2::text[]))`,
    values: [facts.filter((each) => DIGITS.test(each)), payOuts],
  });
  return rows.map(({ event }) => toEvent(event));
}

/** Those of the picture that were published. */
export function readPublishedEvents(transaction: Transaction): Chunks<{ key: string }> {
  return readInChunks<{ key: string }>(transaction, {
    text: `SELECT concat_ws('/', provider, event_id) AS key FROM provider_events WHERE published_at IS NOT NULL`,
  });
}

/** By provider and event id, as the keys of `readPublishedEvents` have them. */
export async function findEventsByKey(
  database: Queryable,
  keys: readonly (readonly [provider: string, eventId: string])[],
): Promise<ToldEvent[]> {
  const rows = await database.query<EventRow>({
    text: `SELECT event FROM provider_events JOIN unnest($1::text[], $2::text[]) AS told(provider, event_id)
            USING (provider, event_id)`,
    values: [keys.map(([provider]) => provider), keys.map(([, eventId]) => eventId)],
  });
  return rows.map(({ event }) => toEvent(event));
}

function toEvent(event: EventRow['event']): ToldEvent {
  const text = (name: string): string | null => event[name] ?? null;
  const integer = (name: string): bigint | null => {
    const value = text(name);
    return value !== null && /^-?\d+$/.test(value) ? BigInt(value) : null;
  };
  return {
    provider: text('provider') ?? '',
    providerEventId: text('providerEventId') ?? '',
    type: text('type') ?? '',
    environment: text('environment') ?? '',
    merchantId: text('merchantId'),
    customerId: text('customerId'),
    paymentId: text('paymentId'),
    operationId: text('operationId'),
    disputeId: text('disputeId'),
    amountMinor: integer('amountMinor'),
    feeMinor: integer('feeMinor'),
    currency: text('currency'),
    receivedAt: integer('receivedAt') ?? 0n,
  };
}

/** Every version of the settings of these merchants. */
export async function findVersions(database: Queryable, merchantIds: readonly string[]): Promise<StoredVersion[]> {
  const digits = merchantIds.map((id) => id.slice(id.indexOf('_') + 1)).filter((each) => DIGITS.test(each));
  return await database.query<StoredVersion>({
    text: `SELECT 'mer_' || replace(merchant_id::text, '-', '') AS "merchantId", environment, version,
                  (extract(epoch FROM updated_at) * 1000000)::bigint AS "updatedAt", fee_plan AS "feePlan"
             FROM merchant_versions WHERE merchant_id = ANY($1::uuid[])`,
    values: [digits],
  });
}
