// Says what a pay-out looks like on HTTP, asked for and answered.
import { CLOSED, nullable } from '@paystream/http';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Amount, Currency, CustomerId, ENDING, Fee, SHOWN_WORDS, WORDS } from '../payments/model.ts';

export const PayOutBody = Type.Object(
  {
    amount: Amount,
    currency: Currency,
    customer: Type.Optional({
      ...CustomerId,
      description: 'cus_…: whose wallet is paid out; your own balance when not said',
    }),
    ...WORDS,
  },
  CLOSED,
);
export type PayOutBody = Static<typeof PayOutBody>;

export const PayOutObject = Type.Object(
  {
    id: Type.String(),
    object: Type.Literal('payout'),
    status: Type.String({ description: 'requested, in_transit, paid, failed, returned or manual_review' }),
    amount: Type.Integer(),
    currency: Type.String(),
    customer: nullable(Type.String()),
    ...SHOWN_WORDS,
    fees: Type.Array(Fee),
    ...ENDING,
  },
  CLOSED,
);
