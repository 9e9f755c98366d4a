// Decides the first operation of a payment from a wallet: paid at once, or held to be captured.
import { costAt } from '../customer-money.ts';
import type { Reading } from '../instruction.ts';
import { illegal, legal, NO_NEEDS } from '../instruction.ts';
import { faultInVelocity, spendSubject } from '../limits.ts';
import { paymentAccounts } from '../payment-accounts.ts';
import type { Payment, PaymentTerms } from '../payment.ts';
import type { ProcessedOperation } from '../processed-operation.ts';
import { faultInConversion, faultInFees, readAmount } from '../read-money.ts';
import { accountsOfTaking, take } from '../take.ts';
import { succeeded } from '../verdict.ts';

/** A priced `pay`: the customer's wallet gives; the merchant's payable gets the net amount, the house its fees. */
export function readPay(asked: ProcessedOperation, partition: number): Reading {
  const terms = readTerms(asked, null);
  if (typeof terms === 'string') return illegal(terms);
  const accounts = paymentAccounts(terms, partition);
  return legal({
    asked,
    needs: { ...NO_NEEDS, spendsOf: spendSubject(asked) },
    opens: terms,
    accountsOf: () => accountsOfTaking(terms, accounts),
    decide: () => {
      const { postings, fees } = take(terms, accounts, 0n, terms.amountMinor);
      const payment = begin(terms, { status: 'succeeded', capturedMinor: terms.amountMinor });
      return succeeded({ postings, fees, fx: terms.fx, payment, spentFrom: accounts.wallet });
    },
  });
}

/** A priced `authorize`: what the payment will cost is held on the wallet until it is captured, voided or expires. */
export function readAuthorize(asked: ProcessedOperation, partition: number): Reading {
  const terms = readTerms(asked, asked.authorize?.expiresAt ?? null);
  if (typeof terms === 'string') return illegal(terms);
  if (terms.expiresAt === null || terms.expiresAt <= asked.requestedAt) return illegal('its hold has no end to come');
  const accounts = paymentAccounts(terms, partition);
  return legal({
    asked,
    needs: { ...NO_NEEDS, spendsOf: spendSubject(asked) },
    opens: terms,
    accountsOf: () => [accounts.wallet],
    decide: () =>
      succeeded({
        holds: [{ accountId: accounts.wallet, heldChangeMinor: costAt(terms, terms.amountMinor).totalMinor }],
        fx: terms.fx,
        payment: begin(terms, { status: 'authorized', capturedMinor: 0n }),
        spentFrom: accounts.wallet,
      }),
  });
}

function readTerms(asked: ProcessedOperation, expiresAt: bigint | null): PaymentTerms | string {
  const amount = readAmount(asked);
  if (typeof amount === 'string') return amount;
  if (asked.customerId === null) return 'it names no customer';
  if (asked.paymentId !== asked.operationId) return 'it is not the first operation of its payment';
  if (asked.method?.type !== 'wallet' || asked.route !== null) return 'only payments from a wallet are known';
  const fault = faultInFees(asked, amount) ?? faultInConversion(asked, amount) ?? faultInVelocity(asked);
  if (fault !== null) return fault;
  const { paymentId, environment, merchantId, customerId, rulesVersion, fees, fx } = asked;
  return {
    paymentId,
    kind: 'payment',
    environment,
    merchantId,
    customerId,
    ...amount,
    rulesVersion,
    fees,
    fx,
    expiresAt,
  };
}

function begin(terms: PaymentTerms, { status, capturedMinor }: Pick<Payment, 'status' | 'capturedMinor'>): Payment {
  return {
    ...terms,
    status,
    authorizedMinor: terms.amountMinor,
    capturedMinor,
    capturePendingMinor: 0n,
    refundedMinor: 0n,
    refundPendingMinor: 0n,
    disputedMinor: 0n,
    lostMinor: 0n,
  };
}
