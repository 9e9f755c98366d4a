// Says what a transfer looks like on HTTP, asked for and answered.
import { CLOSED, nullable } from '@paystream/http';
import { HTTP_AMOUNT_MAX } from '@paystream/money';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { words } from '../words.ts';
import { Amount, Currency, CustomerId, ENDING, Fee, ID_LENGTH_MAX, SHOWN_WORDS, WORDS } from '../payments/model.ts';

const PAYEES_MAX = 50;

const Payee = Type.Object(
  {
    customer: CustomerId,
    amount: Amount,
    purpose: Type.Optional(
      Type.String({ pattern: '^[a-z0-9_]{1,64}$', description: 'A code of your own, as `principal` or `interest`' }),
    ),
  },
  CLOSED,
);

export const TransferBody = Type.Object(
  {
    customer: { ...CustomerId, description: 'cus_…: who pays' },
    currency: Currency,
    purpose: words('person_to_person', 'loan', 'repayment', 'investment', 'other'),
    payees: Type.Array(Payee, { minItems: 1, maxItems: PAYEES_MAX, description: 'All of them get theirs, or none' }),
    platform_fee: Type.Optional(
      Type.Integer({ minimum: 1, maximum: Number(HTTP_AMOUNT_MAX), description: 'Taken from the payer, to you' }),
    ),
    related: Type.Optional(
      Type.String({ maxLength: ID_LENGTH_MAX, description: 'tr_… or pay_…: the loan or investment it belongs to' }),
    ),
    ...WORDS,
  },
  CLOSED,
);
export type TransferBody = Static<typeof TransferBody>;

export const TransferObject = Type.Object(
  {
    id: Type.String(),
    object: Type.Literal('transfer'),
    status: Type.String(),
    amount: Type.Integer({ description: 'Of all payees together' }),
    currency: Type.String(),
    customer: Type.String(),
    ...SHOWN_WORDS,
    purpose: Type.String(),
    payees: Type.Array(
      Type.Object({ customer: Type.String(), amount: Type.Integer(), purpose: nullable(Type.String()) }, CLOSED),
    ),
    platform_fee: nullable(Type.Integer()),
    related: nullable(Type.String()),
    fees: Type.Array(Fee),
    ...ENDING,
  },
  CLOSED,
);
