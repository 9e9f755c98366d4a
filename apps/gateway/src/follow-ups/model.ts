// Says what captures, cancels and refunds look like on HTTP, asked for and answered.
import { CLOSED, nullable } from '@paystream/http';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { words } from '../words.ts';
import { Amount, ENDING, Fee, Fx } from '../payments/model.ts';

/** Codes and ids go onto the topics, so they cannot hold anybody's words. */
const Reason = Type.Optional(
  Type.String({ pattern: '^[a-z0-9_]{1,64}$', description: 'A code of your own, as `requested_by_customer`' }),
);

export const CaptureBody = Type.Object(
  {
    amount: Type.Optional({ ...Amount, description: 'All that is left when not said' }),
    final: Type.Optional(Type.Boolean({ description: 'Whether what is not captured is released; true when not said' })),
  },
  CLOSED,
);
export type CaptureBody = Static<typeof CaptureBody>;

export const CancelBody = Type.Object({ reason: Reason }, CLOSED);
export type CancelBody = Static<typeof CancelBody>;

export const RefundBody = Type.Object(
  {
    amount: Type.Optional({ ...Amount, description: 'All that is left when not said' }),
    reason: Reason,
    merchant_refund_id: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9._-]{1,64}$',
        description: 'Your own id of the refund: a payment has one refund with it, unless that failed',
      }),
    ),
    rate: Type.Optional({
      ...words('original', 'current'),
      description: 'The rate a converted payment is given back at; original when not said',
    }),
  },
  CLOSED,
);
export type RefundBody = Static<typeof RefundBody>;

const payment_status = nullable(
  Type.String({ description: 'Of the payment after it; null until then, and when it failed' }),
);

export const CaptureObject = Type.Object(
  {
    id: Type.String(),
    object: Type.Literal('capture'),
    payment: Type.String(),
    status: Type.String(),
    amount: Type.Integer(),
    currency: Type.String(),
    final: Type.Boolean(),
    payment_status,
    fees: Type.Array(Fee),
    fx: nullable(Fx),
    ...ENDING,
  },
  CLOSED,
);

export const CancelObject = Type.Object(
  {
    id: Type.String(),
    object: Type.Literal('cancel'),
    payment: Type.String(),
    status: Type.String(),
    reason: nullable(Type.String()),
    payment_status,
    ...ENDING,
  },
  CLOSED,
);

export const RefundObject = Type.Object(
  {
    id: Type.String(),
    object: Type.Literal('refund'),
    payment: Type.String(),
    status: Type.String(),
    amount: Type.Integer(),
    currency: Type.String(),
    rate: Type.String(),
    reason: nullable(Type.String()),
    merchant_refund_id: nullable(Type.String()),
    payment_status,
    fees: Type.Array(Fee),
    fx: nullable(Fx),
    ...ENDING,
  },
  CLOSED,
);
