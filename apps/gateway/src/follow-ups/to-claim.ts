// Turns the body of a capture, cancel or refund into a claim, which is completed from the payment when it is stored.
import { HttpError } from '@paystream/http';
import type { Terms } from '@paystream/topics';
import type { Claim } from '../intake/claim.ts';
import type { Gate, Seen } from '../intake/gate.ts';
import { uuidOf } from '../operation-id.ts';
import { moneyClaim } from '../payments/money-claim.ts';
import type { Asked } from '../payments/operation-routes.ts';
import type { PaymentNow } from '../store/read-payments-now.ts';
import { checkText } from '../text-rules.ts';
import type { CancelBody, CaptureBody, RefundBody } from './model.ts';
import type { Allowed, FollowUpRefusal } from './rules.ts';
import { allowCapture, allowRefund, refusalOfHold } from './rules.ts';

export function toCaptureClaim(asked: Asked<CaptureBody>): Claim {
  const { amount, final = true } = asked.body;
  return {
    ...followUpClaim('capture', asked, (payment) => allowCapture(payment, minorOf(amount))),
    terms: { capture: { final } },
  };
}

export function toCancelClaim(asked: Asked<CancelBody>): Claim {
  const reasonCode = asked.body.reason ?? null;
  if (reasonCode !== null) checkText(reasonCode, '/reason');
  return {
    ...followUpClaim('cancel', asked, ({ status }) => {
      const refusal = refusalOfHold(status);
      return refusal === undefined ? { amountMinor: null } : { refusal };
    }),
    terms: { cancel: { reasonCode } },
  };
}

export function toRefundClaim(asked: Asked<RefundBody>): Claim {
  const { amount, reason = null, merchant_refund_id: merchantRefundId = null, rate = null } = asked.body;
  if (reason !== null) checkText(reason, '/reason');
  if (merchantRefundId !== null) checkText(merchantRefundId, '/merchant_refund_id');
  return {
    ...followUpClaim('refund', asked, (payment) => allowRefund(payment, minorOf(amount))),
    terms: { refund: { reasonCode: reason, merchantRefundId, rateChoice: rate } },
  };
}

type Judge = (payment: PaymentNow) => Allowed | { amountMinor: null } | { refusal: FollowUpRefusal };

const PATHS = { capture: 'capture', cancel: 'cancel', refund: 'refunds' } as const;

function followUpClaim(operation: keyof typeof PATHS, asked: Asked<object>, judge: Judge): Claim {
  const paymentId = asked.params['id'] ?? '';
  const paymentUuid = uuidOf('pay', paymentId);
  if (paymentUuid === undefined) throw new HttpError('object_not_found');
  const gate: Gate = { paymentUuid, quoteId: null, pass: (claim, seen) => complete(claim, seen, judge) };
  // The payment is part of what the key stands for.
  const path = `/v1/payments/${paymentId}/${PATHS[operation]}`;
  return { ...moneyClaim(operation, path, asked), paymentId, gate };
}

/** Who pays and in which currency follows from the payment; what is left of it is decided now, for ever. */
function complete(claim: Claim, { payment }: Seen, judge: Judge): Claim | HttpError {
  if (payment === undefined || payment.operation === 'transfer') return new HttpError('object_not_found');
  const allowed = judge(payment);
  if ('refusal' in allowed) return new HttpError(allowed.refusal, { payment_id: payment.id });
  const { customerId, currency } = payment;
  const terms = { ...claim.terms, ...walletOf(claim, payment) };
  return { ...claim, customerId, currency, amountMinor: allowed.amountMinor, terms };
}

/** Only what is given back may be converted at a rate of its own. */
function walletOf({ operation }: Claim, { sourceCurrency }: PaymentNow): Partial<Terms> {
  return operation === 'refund' && sourceCurrency !== null ? { sourceCurrency } : {};
}

function minorOf(amount: number | undefined): bigint | null {
  return amount === undefined ? null : BigInt(amount);
}
