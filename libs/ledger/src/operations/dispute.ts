// Decides the facts of a dispute: opened, won or lost. They have happened outside and cannot be declined.
import { isCurrency } from '@paystream/money';
import { houseAccountId, isId, isProviderName, prefixes, providerAccountId } from '@paystream/payments';
import type { Reading } from '../instruction.ts';
import { illegal, legal, NO_NEEDS } from '../instruction.ts';
import { ownPayment } from '../own-payment.ts';
import type { PaymentAccounts } from '../payment-accounts.ts';
import { conversionAccounts, paymentAccounts } from '../payment-accounts.ts';
import type { Dispute, PaymentTerms } from '../payment.ts';
import type { ProcessedOperation } from '../processed-operation.ts';
import type { Verdict } from '../verdict.ts';
import { closeDispute } from './dispute-closed.ts';
import type { DisputeAccounts, DisputeFact } from './dispute-fact.ts';
import { openDispute } from './dispute-opened.ts';

/** A fact of operation `dispute`. */
export function readDispute(asked: ProcessedOperation, partition: number): Reading {
  const fact = readFact(asked);
  if (typeof fact === 'string') return illegal(fact);
  const house = houseAccounts(asked, fact, partition);
  /** The payment's accounts, when there is such a payment: a fact about any other moves the house's money only. */
  const accountsIn = (terms: PaymentTerms | undefined): PaymentAccounts | null =>
    terms?.currency === fact.currency ? paymentAccounts(terms, partition) : null;
  return legal({
    asked,
    needs: { ...NO_NEEDS, paymentId: fact.paymentId, disputeId: fact.disputeId },
    opens: null,
    accountsOf: (found) => {
      const accounts = accountsIn(ownPayment(asked, 'payment', found));
      const { disputed, suspense, clearing } = house;
      return [disputed, suspense, clearing, ...(accounts === null ? [] : accountsOfDispute(fact, accounts))];
    },
    decide: (books): Verdict => {
      const payment = ownPayment(asked, 'payment', books.payment(fact.paymentId));
      const accounts = accountsIn(payment);
      const about = payment === undefined || accounts === null ? null : { payment, accounts };
      const known = books.dispute(fact.disputeId);
      return fact.type === 'dispute_opened'
        ? openDispute(fact, { about, known, house, books })
        : closeDispute(fact, { about, dispute: openOn(fact, known), house, books });
    },
  });
}

function houseAccounts(
  { fact, environment }: ProcessedOperation,
  { currency }: DisputeFact,
  partition: number,
): DisputeAccounts {
  return {
    disputed: houseAccountId(environment, 'disputed', currency, partition),
    suspense: houseAccountId(environment, 'suspense', currency, partition),
    clearing: providerAccountId(environment, 'provider_clearing', fact?.provider ?? '', currency, partition),
  };
}

function accountsOfDispute({ type }: DisputeFact, accounts: PaymentAccounts): string[] {
  const { wallet, payable, receivable, feeIncome } = accounts;
  return type === 'dispute_lost' ? [wallet, feeIncome, ...conversionAccounts(accounts)] : [payable, receivable];
}

function readFact({ fact, paymentId, environment, merchantId, customerId }: ProcessedOperation): DisputeFact | string {
  if (fact === null) return 'it has no fact';
  // By the payer's id the payment lies in this partition: whoever names nobody is about no payment of ours or of others.
  if (customerId === null) return 'it names no payer';
  const { type, disputeId, amountMinor, currency, provider } = fact;
  if (type !== 'dispute_opened' && type !== 'dispute_won' && type !== 'dispute_lost') return 'its fact is no dispute';
  if (disputeId === null || !isId(prefixes.dispute, disputeId)) return 'it names no dispute';
  if (currency === null || !isCurrency(currency)) return 'its currency is not known';
  if (!isProviderName(provider)) return 'its provider is not known';
  if (amountMinor !== null && amountMinor <= 0n) return 'its amount is not above zero';
  if (type === 'dispute_opened' && amountMinor === null) return 'it has no amount';
  const feeMinor = fact.feeMinor ?? 0n;
  if (feeMinor < 0n) return 'its fee is below zero';
  return { type, disputeId, paymentId, environment, merchantId, customerId, currency, amountMinor, feeMinor };
}

/** The dispute, when it is open and is the record's own. */
function openOn(fact: DisputeFact, known: Dispute | undefined): Dispute | undefined {
  if (known?.status !== 'open') return undefined;
  const isOwn = OWN_FIELDS.every((field) => known[field] === fact[field]);
  return isOwn ? known : undefined;
}

const OWN_FIELDS = ['paymentId', 'environment', 'merchantId', 'customerId', 'currency'] as const;
