// Checks the terms of a request: those of its operation, and no others.
import { isAmount, isAnyId, isCode, isForeignId, isHoldEnd, isId } from '@paystream/payments';
import type { OperatorConsent, PayOutTerms, PaymentRequested, RefundTerms, TransferTerms } from '@paystream/topics';
import { problemWithAccount, problemWithCorrection } from './accounts.ts';
import type { Problem } from './illegal-reason.ts';
import type { OperationShape } from './requested-operations.ts';
import { termsNames } from './requested-operations.ts';

const PURPOSES: ReadonlySet<string> = new Set(['person_to_person', 'loan', 'repayment', 'investment', 'other']);
/** Payees of one transfer: as many as the gateway takes. */
const LEGS_MAX = 100;

export function problemWithTerms(requested: PaymentRequested, shape: OperationShape): Problem {
  for (const name of termsNames) {
    if (name !== shape.terms && requested[name] !== null) return 'unexpected_terms';
  }
  const isLacking = shape.terms !== null && requested[shape.terms] === null;
  if (isLacking && shape.mayLackTerms !== true) return 'missing_terms';
  return problemWithin(requested) ?? problemWithOperator(requested.operator, shape);
}

/** At most one of them is set. */
function problemWithin(requested: PaymentRequested): Problem {
  const { authorize, cancel, refund, transfer, payOut, account, correction } = requested;
  if (authorize !== null) return isExpiry(authorize.expiresAt, requested) ? null : 'invalid_expiry';
  if (cancel !== null) return isCodeOrNull(cancel.reasonCode) ? null : 'invalid_reason_code';
  if (refund !== null) return isRefund(refund) ? null : 'invalid_refund';
  if (transfer !== null) return isTransfer(requested, transfer) ? null : 'invalid_transfer';
  if (payOut !== null) return isPayOut(requested, payOut) ? null : 'invalid_pay_out';
  if (account !== null) return problemWithAccount(requested, account);
  return correction === null ? null : problemWithCorrection(requested, correction);
}

function isExpiry(expiresAt: bigint | null, { requestedAt }: PaymentRequested): boolean {
  return expiresAt === null || isHoldEnd(expiresAt, requestedAt);
}

function isRefund({ reasonCode, merchantRefundId, rateChoice }: RefundTerms): boolean {
  const isRateChoice = rateChoice === null || rateChoice === 'original' || rateChoice === 'current';
  return isRateChoice && isCodeOrNull(reasonCode) && (merchantRefundId === null || isForeignId(merchantRefundId));
}

function isTransfer({ customerId, amountMinor }: PaymentRequested, terms: TransferTerms): boolean {
  const { purpose, legs, platformFeeMinor, relatedPaymentId } = terms;
  if (!PURPOSES.has(purpose) || legs.length === 0 || legs.length > LEGS_MAX) return false;
  const areLegs = legs.every(
    (leg) =>
      isId('cus', leg.payeeCustomerId) &&
      leg.payeeCustomerId !== customerId &&
      isAmount(leg.amountMinor) &&
      isCodeOrNull(leg.purpose),
  );
  const isWhole = legs.reduce((sum, leg) => sum + leg.amountMinor, 0n) === amountMinor;
  const isFee = platformFeeMinor === null || platformFeeMinor === 0n || isAmount(platformFeeMinor);
  return areLegs && isWhole && isFee && (relatedPaymentId === null || isAnyId(relatedPaymentId));
}

function isPayOut({ customerId }: PaymentRequested, { payeeType, destinationMethodId }: PayOutTerms): boolean {
  const isDestination = destinationMethodId === null || isId('pm', destinationMethodId);
  return payeeType === (customerId === null ? 'merchant' : 'customer') && isDestination;
}

/** Two persons are two: nobody consents to what he has ordered himself. */
function problemWithOperator(operator: OperatorConsent | null, { operator: allowed }: OperationShape): Problem {
  if (operator === null) return allowed === 'always' ? 'invalid_operator' : null;
  if (allowed === 'never') return 'unexpected_terms';
  const { operatorId, approverId, reasonCode, reasonId } = operator;
  const isApproved = approverId === null || (isId('op', approverId) && approverId !== operatorId);
  const isReason = isCode(reasonCode) && (reasonId === null || isForeignId(reasonId));
  return isId('op', operatorId) && isApproved && isReason ? null : 'invalid_operator';
}

function isCodeOrNull(text: string | null): boolean {
  return text === null || isCode(text);
}
