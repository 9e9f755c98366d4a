// Says what a test tells in the sandbox provider's name.
import { CLOSED, nullable } from '@paystream/http';
import { HTTP_AMOUNT_MAX } from '@paystream/money';
import { factIdOf } from '@paystream/payments';
import type { ProviderEvent } from '@paystream/topics';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { isoMicros } from '../iso-micros.ts';
import { words } from '../words.ts';

const NAME_LENGTH_MAX = 200;
const ID_LENGTH_MAX = 64;

export const EVENT_TYPES = [
  'dispute_opened',
  'dispute_won',
  'dispute_lost',
  'pay_out_paid',
  'pay_out_failed',
  'pay_out_returned',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

const Name = Type.String({ pattern: `^[\\x21-\\x7e]{1,${NAME_LENGTH_MAX}}$` });
const Minor = Type.Integer({ minimum: 1, maximum: Number(HTTP_AMOUNT_MAX) });
const Code = Type.String({ pattern: '^[A-Za-z0-9_.-]{1,64}$' });

export const EventBody = Type.Object(
  {
    id: Name,
    type: words(...EVENT_TYPES),
    payment: Type.Optional(Type.String({ maxLength: ID_LENGTH_MAX, description: 'Of a dispute' })),
    payout: Type.Optional(Type.String({ maxLength: ID_LENGTH_MAX, description: 'Of the other types' })),
    dispute: Type.Optional(Name),
    amount: Type.Optional(Minor),
    currency: Type.Optional(Type.String({ maxLength: 16, description: 'Of what it is about, if not said' })),
    fee: Type.Optional(Type.Integer({ minimum: 0, maximum: Number(HTTP_AMOUNT_MAX) })),
    reason: Type.Optional(Code),
    due_by: Type.Optional(Type.String({ maxLength: 40, description: 'RFC 3339 in UTC' })),
    code: Type.Optional(Code),
  },
  { ...CLOSED, description: 'id is the provider’s own, dispute its reference; the same id is the same event for ever' },
);
export type EventBody = Static<typeof EventBody>;

export const EventObject = Type.Object(
  {
    id: Type.String(),
    object: Type.Literal('provider_event'),
    type: Type.String(),
    operation: Type.String({ description: 'What it becomes on the log, when it is a fact' }),
    payment: nullable(Type.String()),
    dispute: nullable(Type.String({ description: 'dp_…' })),
    received_at: Type.String({ format: 'date-time' }),
  },
  CLOSED,
);

/** `id` as the caller named it. */
export function showEvent(id: string, event: ProviderEvent): object {
  return {
    id,
    object: 'provider_event',
    type: event.type,
    operation: factIdOf(event.provider, event.providerEventId),
    payment: event.paymentId,
    dispute: event.disputeId,
    received_at: isoMicros(event.receivedAt),
  };
}
