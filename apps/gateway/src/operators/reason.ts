// Says what an operator must give with every order, a code and words, and keeps both with what became of it.
import type { Transaction } from '@paystream/database';
import { newId, toUuid } from '@paystream/payments';
import { Type } from 'typebox';
import { insertOperatorAction } from '../store/insert-operator-action.ts';
import { checkText } from '../text-rules.ts';
import type { Operator } from './authenticate.ts';

const REASON_LENGTH_MAX = 1_000;

/** Fields of every body that orders something. */
export const REASON_FIELDS = {
  reason_code: Type.String({
    pattern: '^[a-z0-9_]{1,64}$',
    description: 'A word of your own for reports, lower snake; it goes onto the events',
  }),
  reason: Type.String({
    minLength: 1,
    maxLength: REASON_LENGTH_MAX,
    description: 'Why, in words; kept here and on no event',
  }),
} as const;

export interface Reasoned {
  reason_code: string;
  reason: string;
}

export interface Ordered {
  operator: Operator;
  /** `fee_plan.change`, `account.freeze`, … */
  action: string;
  objectId: string;
  reasoned: Reasoned;
  result: string;
}

/** Throws when the words of the reason are refused. */
export function checkReason({ reason }: Reasoned): void {
  checkText(reason, '/reason');
}

/** Keeps the order with its reason; gives the id under which the words rest. */
export async function recordAction(transaction: Transaction, ordered: Ordered): Promise<string> {
  const { operator, action, objectId, reasoned, result } = ordered;
  const id = newId('act');
  await insertOperatorAction(transaction, {
    uuid: toUuid(id),
    operatorUuid: operator.operatorUuid,
    ...{ action, objectId, result },
    reasonCode: reasoned.reason_code,
    reason: reasoned.reason,
  });
  return id;
}
