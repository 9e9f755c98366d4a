// Decides the facts of a dispute: opened, won or lost. They have happened outside and cannot be declined.
import { isCurrency } from '@paystream/money';
import { isId, prefixes, providerAccountId } from '@paystream/payments';
import type { ProcessedOperation, Reading, Verdict } from '../model.ts';
import { illegal, legal } from '../model.ts';
import { ownPayment } from '../own-payment.ts';
import type { Dispute, PaymentTerms } from '../payment.ts';
import { conversionAccounts, paymentAccounts } from '../payment-accounts.ts';
import { NO_NEEDS } from '../verdict.ts';
import { closeDispute } from './dispute-closed.ts';
import type { DisputeAccounts, DisputeFact } from './dispute-fact.ts';
import { openDispute } from './dispute-opened.ts';

/** A fact of operation `dispute`. */
export function readDispute(asked: ProcessedOperation, partition: number): Reading {
  const fact = readFact(asked);
  if (typeof fact === 'string') return illegal(fact);
  const provider = asked.fact?.provider ?? '';
  const clearing = providerAccountId(fact.environment, 'provider_clearing', provider, fact.currency, partition);
  const accountsFor = (terms: PaymentTerms | undefined): DisputeAccounts => ({
    ...paymentAccounts(terms?.currency === fact.currency ? terms : unknownPayment(asked, fact), partition),
    clearing,
  });
  return legal({
    asked,
    needs: { ...NO_NEEDS, paymentId: fact.paymentId, disputeId: fact.disputeId },
    opens: null,
    accountsOf: (found) => {
      const accounts = accountsFor(ownPayment(asked, 'payment', found));
      const { wallet, payable, receivable, feeIncome, disputed, suspense } = accounts;
      const owned =
        fact.type === 'dispute_lost' ? [wallet, feeIncome, ...conversionAccounts(accounts)] : [payable, receivable];
      return [...owned, disputed, suspense, clearing];
    },
    decide: (books): Verdict => {
      const payment = ownPayment(asked, 'payment', books.payment(fact.paymentId));
      const accounts = accountsFor(payment);
      const known = books.dispute(fact.disputeId);
      return fact.type === 'dispute_opened'
        ? openDispute(fact, { payment, known, accounts, books })
        : closeDispute(fact, { payment, dispute: openOn(fact, known), accounts, books });
    },
  });
}

function readFact({ fact, paymentId, environment, merchantId, customerId }: ProcessedOperation): DisputeFact | string {
  if (fact === null || customerId === null) return 'it has no fact, or no customer';
  const { type, disputeId, amountMinor, currency, provider } = fact;
  if (type !== 'dispute_opened' && type !== 'dispute_won' && type !== 'dispute_lost') return 'its fact is no dispute';
  if (disputeId === null || !isId(prefixes.dispute, disputeId)) return 'it names no dispute';
  if (currency === null || !isCurrency(currency)) return 'its currency is not known';
  if (!PROVIDER.test(provider)) return 'its provider is not known';
  if (amountMinor !== null && amountMinor <= 0n) return 'its amount is not above zero';
  if (type === 'dispute_opened' && amountMinor === null) return 'it has no amount';
  const feeMinor = fact.feeMinor ?? 0n;
  if (feeMinor < 0n) return 'its fee is below zero';
  return { type, disputeId, paymentId, environment, merchantId, customerId, currency, amountMinor, feeMinor };
}

/** As an account's name takes it. */
const PROVIDER = /^[a-z0-9_]{1,40}$/;

/** Stands in for a payment nobody knows, so that the accounts of its merchant and customer have names. */
function unknownPayment(
  { environment, merchantId, customerId, rulesVersion }: ProcessedOperation,
  fact: DisputeFact,
): PaymentTerms {
  const { paymentId, currency } = fact;
  const ids = { paymentId, kind: 'payment', environment, merchantId, customerId } as const;
  return { ...ids, currency, amountMinor: 0n, rulesVersion, fees: [], fx: null, expiresAt: null };
}

/** The dispute, when it is open and is the record's own. */
function openOn(fact: DisputeFact, known: Dispute | undefined): Dispute | undefined {
  if (known?.status !== 'open') return undefined;
  const isOwn = OWN_FIELDS.every((field) => known[field] === fact[field]);
  return isOwn ? known : undefined;
}

const OWN_FIELDS = ['paymentId', 'environment', 'merchantId', 'customerId', 'currency'] as const;
