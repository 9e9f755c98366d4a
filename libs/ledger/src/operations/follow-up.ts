// Reads what follows on a payment: an instruction about a payment of the record's own, and a decline where there is none.
import type { FailureCode } from '@paystream/payments';
import type { Reading } from '../instruction.ts';
import { legal, NO_NEEDS } from '../instruction.ts';
import { ownPayment } from '../own-payment.ts';
import type { Payment, PaymentTerms } from '../payment.ts';
import type { PaymentAccounts } from '../payment-accounts.ts';
import { paymentAccounts } from '../payment-accounts.ts';
import type { ProcessedOperation } from '../processed-operation.ts';
import type { Verdict } from '../verdict.ts';
import { declined } from '../verdict.ts';

export interface FollowUp {
  /** Why it is declined when there is no such payment. */
  readonly whenNone: FailureCode;
  /** Every account it may touch. */
  accountsOf(terms: PaymentTerms, accounts: PaymentAccounts): readonly string[];
  decide(payment: Payment, accounts: PaymentAccounts): Verdict;
}

/** The instruction of a record that names a payment begun before it; its house accounts are those of `partition`. */
export function readFollowUp(asked: ProcessedOperation, partition: number, followUp: FollowUp): Reading {
  return legal({
    asked,
    needs: { ...NO_NEEDS, paymentId: asked.paymentId },
    opens: null,
    accountsOf: (found) => {
      const terms = ownPayment(asked, 'payment', found);
      return terms === undefined ? [] : followUp.accountsOf(terms, paymentAccounts(terms, partition));
    },
    decide: (books) => {
      const payment = ownPayment(asked, 'payment', books.payment(asked.paymentId));
      if (payment === undefined) return declined(followUp.whenNone);
      return followUp.decide(payment, paymentAccounts(payment, partition));
    },
  });
}
