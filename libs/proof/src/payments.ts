// Owns what the proof remembers of each payment and dispute: its terms as priced, its status and its sums.

import type { FeeRule } from './fee-line.ts';
import type { Conversion, OperationIds } from './inputs.ts';

/** What never changes on a payment: everything that follow-ups are computed from. */
export interface Terms {
  readonly paymentId: string;
  readonly environment: string;
  readonly merchantId: string;
  readonly customerId: string | null;
  readonly kind: 'payment' | 'pay_out';
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly rules: readonly FeeRule[];
  /** Of each rule in order, what it takes of the whole amount. */
  readonly feesMinor: readonly bigint[];
  /** As priced for the whole amount. */
  readonly conversion: Conversion | null;
  readonly expiresAt: bigint | null;
  /** The account a pay-out came from; null for payments. */
  readonly purse: string | null;
}

/** From the wallet's currency to the payment's; `baseRate` is the latter per one of the former. */
export interface ConversionTerms {
  readonly fromCurrency: string;
  readonly baseRate: string;
  readonly markupBps: number;
}

export interface Payment {
  readonly terms: Terms;
  readonly status: string;
  readonly authorizedMinor: bigint;
  readonly capturedMinor: bigint;
  readonly refundedMinor: bigint;
  /** Open and lost disputes. */
  readonly disputedMinor: bigint;
  readonly lostMinor: bigint;
  readonly openDisputes: number;
  readonly lostDisputes: number;
}

export interface Dispute {
  readonly disputeId: string;
  readonly paymentId: string;
  readonly environment: string;
  readonly merchantId: string;
  readonly customerId: string | null;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly feeMinor: bigint;
  readonly fromReceivableMinor: bigint;
  /** Whether the merchant gave the money, or suspense did since there was no payment to ask for it. */
  readonly source: 'merchant' | 'suspense';
  readonly status: 'open' | 'won' | 'lost' | 'review';
}

export interface Payments {
  /** The payment that a record is about: environment, merchant and customer must be the record's own. */
  readonly find: (ids: OperationIds) => Payment | undefined;
  readonly set: (payment: Payment) => void;
  /** Removes and returns it. */
  readonly take: (paymentId: string) => Payment | undefined;
  readonly all: () => IterableIterator<Payment>;
}

export function createPayments(): Payments {
  const payments = new Map<string, Payment>();
  const shared = createSharedTerms();
  return {
    find: ({ paymentId, environment, merchantId, customerId }) => {
      const payment = payments.get(paymentId);
      if (payment === undefined) return undefined;
      const { terms } = payment;
      const isAbout =
        terms.environment === environment && terms.merchantId === merchantId && terms.customerId === customerId;
      return isAbout ? payment : undefined;
    },
    set: (payment) => {
      const { paymentId } = payment.terms;
      // Terms never change, so what is shared once stays shared.
      payments.set(paymentId, payments.has(paymentId) ? payment : { ...payment, terms: shared(payment.terms) });
    },
    take: (paymentId) => {
      const payment = payments.get(paymentId);
      payments.delete(paymentId);
      return payment;
    },
    all: () => payments.values(),
  };
}

/** Lets payments share what is the same in many of them: owners, codes and fee rules. It is most of what a payment is. */
function createSharedTerms(): (terms: Terms) => Terms {
  const texts = new Map<string, string>();
  const ruleLists = new Map<string, readonly FeeRule[]>();
  const text = (value: string): string => {
    const known = texts.get(value);
    if (known === undefined) texts.set(value, value);
    return known ?? value;
  };
  return ({ rules, conversion, ...terms }) => {
    const key = rules.map(sayRule).join(',');
    const list = ruleLists.get(key) ?? rules;
    ruleLists.set(key, list);
    return {
      ...terms,
      environment: text(terms.environment),
      merchantId: text(terms.merchantId),
      customerId: terms.customerId === null ? null : text(terms.customerId),
      currency: text(terms.currency),
      conversion: conversion === null ? null : { ...conversion, baseRate: text(conversion.baseRate) },
      rules: list,
    };
  };
}

function sayRule(rule: FeeRule): string {
  const {
    ruleId,
    ruleVersion,
    kind,
    currency,
    bearer,
    percentBps,
    fixedMinor,
    minMinor,
    maxMinor,
    refundPolicy,
    tier,
  } = rule;
  const taken = [percentBps, fixedMinor, minMinor, maxMinor, tier].join(' ');
  return [ruleId, ruleVersion, kind, currency, bearer, taken, refundPolicy].join(' ');
}

/** A payment as its first operation leaves it. */
export function newPayment(terms: Terms, sums: Partial<Omit<Payment, 'terms'>> & { readonly status: string }): Payment {
  return {
    terms,
    authorizedMinor: 0n,
    capturedMinor: 0n,
    refundedMinor: 0n,
    disputedMinor: 0n,
    lostMinor: 0n,
    openDisputes: 0,
    lostDisputes: 0,
    ...sums,
  };
}
