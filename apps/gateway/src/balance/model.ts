// Says what a merchant's balances and what happened to them look like on HTTP.
import { CLOSED } from '@paystream/http';
import { Type } from 'typebox';
import { pageOf } from '../paging.ts';

const Balance = Type.Object(
  {
    currency: Type.String(),
    posted: Type.Integer({ description: 'What we owe you, in minor units, held ones among them' }),
    held: Type.Integer(),
    available: Type.Integer({ description: 'posted less held' }),
    owed: Type.Integer({ description: 'What you owe us; the next pay-out repays it first' }),
    updated_at: Type.String({ format: 'date-time' }),
  },
  CLOSED,
);

/** One per currency; none before the first operation. */
export const MerchantBalanceList = Type.Object({ data: Type.Array(Balance) }, CLOSED);

const BalanceTransaction = Type.Object(
  {
    operation: Type.String({ description: 'pay_…, re_…, …' }),
    payment: Type.String(),
    kind: Type.String({ description: 'pay, refund, pay_out, dispute, …' }),
    account: Type.String({ description: 'payable: what we owe you; receivable: what you owe us' }),
    gross: Type.Integer({ description: 'net and fee together' }),
    fee: Type.Integer({ description: 'Below zero when given back' }),
    net: Type.Integer({ description: 'By how much the balance changed' }),
    currency: Type.String(),
    balance_after: Type.Integer(),
    created_at: Type.String({ format: 'date-time' }),
  },
  CLOSED,
);

export const BalanceTransactionPage = pageOf(BalanceTransaction);
