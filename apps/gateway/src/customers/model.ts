// Says what a customer, their balances and their transactions look like on HTTP.
import { CLOSED, nullable } from '@paystream/http';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { pageOf } from '../paging.ts';
import { Metadata } from '../payments/model.ts';

/** RFC 5321: the longest address that can be delivered to. */
const EMAIL_LENGTH_MAX = 254;
const NAME_LENGTH_MAX = 200;

/** What a client sends to POST /v1/customers. */
export const CustomerBody = Type.Object(
  {
    email: Type.Optional(Type.String({ maxLength: EMAIL_LENGTH_MAX })),
    name: Type.Optional(Type.String({ maxLength: NAME_LENGTH_MAX })),
    country: Type.Optional(
      Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2, upper case: rules judge by it' }),
    ),
    metadata: Type.Optional(Metadata),
  },
  CLOSED,
);
export type CustomerBody = Static<typeof CustomerBody>;

export const CustomerObject = Type.Object(
  {
    id: Type.String(),
    object: Type.Literal('customer'),
    email: nullable(Type.String()),
    name: nullable(Type.String()),
    country: nullable(Type.String()),
    metadata: Type.Record(Type.String(), Type.String()),
    created_at: Type.String({ format: 'date-time' }),
  },
  CLOSED,
);

const Balance = Type.Object(
  {
    currency: Type.String(),
    posted: Type.Integer({ description: 'Minor units, held ones among them' }),
    held: Type.Integer(),
    available: Type.Integer({ description: 'posted less held' }),
    version: Type.Integer({ description: '+1 per operation that changed it' }),
    updated_at: Type.String({ format: 'date-time' }),
  },
  CLOSED,
);

/** One per wallet; none before the first operation. */
export const BalanceList = Type.Object({ data: Type.Array(Balance) }, CLOSED);

const TransactionObject = Type.Object(
  {
    operation: Type.String({ description: 'pay_…, re_…, …' }),
    payment: Type.String(),
    kind: Type.String({ description: 'pay, refund, transfer, …' }),
    status: Type.String({ description: 'succeeded, failed, in_transit or manual_review' }),
    amount: Type.Integer({
      description:
        'Minor units, below zero when it left the wallet; if failed, what was asked and did not leave, ' +
        'or above zero a pay-out that had left and came back',
    }),
    held_change: Type.Integer({ description: 'What was set aside by it, below zero when it was given back' }),
    currency: Type.String(),
    payment_method: nullable(Type.String()),
    counterparty: nullable(Type.String()),
    balance_after: Type.Integer(),
    created_at: Type.String({ format: 'date-time' }),
  },
  CLOSED,
);

export const TransactionPage = pageOf(TransactionObject);
