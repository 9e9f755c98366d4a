// Shows an operation to operators: what was asked in whose name, why, and what came of it; nothing about a person.
import { CLOSED, nullable } from '@paystream/http';
import { Type } from 'typebox';
import { isoMicros } from '../iso-micros.ts';
import { PARKED } from '../publish/payment-parked.ts';
import type { StoredOrder } from '../store/read-order.ts';

const Consent = Type.Object(
  {
    operator: Type.String(),
    approver: nullable(Type.String()),
    reason_code: Type.String(),
    reason: nullable(Type.String()),
  },
  CLOSED,
);

export const OperationObject = Type.Object(
  {
    id: Type.String(),
    object: Type.Literal('operation'),
    operation: Type.String(),
    status: Type.String({ description: 'requested until it is final; parked while it waits for an operator' }),
    failure_code: nullable(Type.String()),
    payment: Type.String(),
    merchant: Type.String(),
    environment: Type.String(),
    customer: nullable(Type.String()),
    amount: nullable(Type.Integer()),
    currency: nullable(Type.String()),
    account: nullable(Type.String({ description: 'Account that a command is about' })),
    ordered_by: nullable(Consent),
    result: nullable(
      Type.Object({}, { description: 'What it came to: as merchants see it, or the accounts after it' }),
    ),
    created_at: Type.String({ format: 'date-time' }),
    settled_at: nullable(Type.String({ format: 'date-time' })),
  },
  CLOSED,
);

export function showOrder(order: StoredOrder): object {
  const { terms, settledAtMicros, answer } = order;
  return {
    id: order.id,
    object: 'operation',
    operation: order.operation,
    status: order.status ?? (order.isParked ? PARKED : 'requested'),
    failure_code: order.failureCode,
    payment: order.paymentId,
    merchant: order.merchantId,
    environment: order.environment,
    customer: order.customerId,
    amount: order.amountMinor,
    currency: order.currency,
    account: terms.account?.accountId ?? null,
    ordered_by: consentOf(order),
    // Written by the status consumer, without description and metadata.
    result: answer === null ? null : (JSON.parse(answer) as object),
    created_at: isoMicros(order.requestedAtMicros),
    settled_at: settledAtMicros === null ? null : isoMicros(settledAtMicros),
  };
}

function consentOf({ terms: { operator }, reason }: StoredOrder): object | null {
  if (operator === null || operator === undefined) return null;
  const { operatorId, approverId, reasonCode } = operator;
  return { operator: operatorId, approver: approverId, reason_code: reasonCode, reason };
}
