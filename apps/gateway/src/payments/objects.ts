// Says what the operations beside payments and top-ups look like: follow-ups, transfers, pay-outs and operators' commands.
import { isoMicros } from '../iso-micros.ts';
import type { OperationFacts } from './facts.ts';
import { toFailureObject } from './money-objects.ts';

/** In the order of the fields in the answer; description and metadata stand together, see `withDetails`. */
export function toObject(facts: OperationFacts): object {
  const { operation, terms, currency, customerId: customer, fees, fx } = facts;
  const { id, status, amountMinor: amount } = facts;
  switch (operation) {
    case 'capture':
      return {
        ...{ id, object: 'capture', payment: facts.paymentId, status, amount, currency },
        final: terms.capture?.final ?? true,
        ...{ payment_status: facts.paymentStatus, fees, fx, ...ending(facts) },
      };
    case 'refund':
      return {
        ...{ id, object: 'refund', payment: facts.paymentId, status, amount, currency },
        rate: terms.refund?.rateChoice ?? 'original',
        reason: terms.refund?.reasonCode ?? null,
        merchant_refund_id: terms.refund?.merchantRefundId ?? null,
        ...{ payment_status: facts.paymentStatus, fees, fx, ...ending(facts) },
      };
    case 'cancel':
    case 'expire':
      return {
        ...{ id, object: operation, payment: facts.paymentId, status },
        reason: terms.cancel?.reasonCode ?? null,
        ...{ payment_status: facts.paymentStatus, ...ending(facts) },
      };
    case 'transfer':
      return {
        ...{ id, object: 'transfer', status, amount, currency, customer, ...NO_WORDS },
        purpose: terms.transfer?.purpose ?? 'other',
        payees: terms.transfer?.legs.map((leg) => ({
          customer: leg.payeeCustomerId,
          amount: leg.amountMinor,
          purpose: leg.purpose,
        })),
        platform_fee: terms.transfer?.platformFeeMinor ?? null,
        related: terms.transfer?.relatedPaymentId ?? null,
        ...{ fees, ...ending(facts) },
      };
    case 'pay_out':
      return {
        ...{ id, object: 'payout', status, amount, currency, customer, ...NO_WORDS },
        ...{ fees, ...ending(facts) },
      };
    default:
      return {
        ...{ id, object: 'command', command: operation, status, account: terms.account?.accountId ?? null },
        of_operation: terms.correction?.ofOperationId ?? null,
        ...ending(facts),
      };
  }
}

const NO_WORDS = { description: null, metadata: {} };

function ending({ failure, createdAtMicros, settledAtMicros }: OperationFacts): object {
  return {
    failure: failure && toFailureObject(failure),
    created_at: isoMicros(createdAtMicros),
    settled_at: settledAtMicros === null ? null : isoMicros(settledAtMicros),
  };
}
