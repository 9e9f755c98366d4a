// Says what an operator must give with every order, a code and words, and keeps both with what became of it.
import type { Transaction } from '@paystream/database';
import type { Id } from '@paystream/payments';
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

/** Where the words of a reason will rest: known before they do, as it goes onto the event. */
export function newReasonId(): Id<'rsn'> {
  return newId('rsn');
}

export interface Ordered {
  reasonId: string;
  operator: Operator;
  /** `fee_plan.change`, `account.freeze`, … */
  action: string;
  objectId: string;
  reasoned: Reasoned;
  result: string;
}

/** Throws when the code or the words of the reason are refused. */
export function checkReason({ reason_code: code, reason }: Reasoned): void {
  checkText(code, '/reason_code');
  checkText(reason, '/reason');
}

/** Keeps the order with its reason and what became of it. */
export async function recordAction(transaction: Transaction, ordered: Ordered): Promise<void> {
  const { reasonId, operator, action, objectId, reasoned, result } = ordered;
  await insertOperatorAction(transaction, {
    uuid: toUuid(reasonId),
    operatorUuid: operator.operatorUuid,
    ...{ action, objectId, result },
    reasonCode: reasoned.reason_code,
    reason: reasoned.reason,
  });
}
