// Pays from a wallet, or holds on it what a payment will cost.

import type { AskedOperation } from '../inputs.ts';
import { hold } from '../movements.ts';
import type { Terms } from '../payments.ts';
import { newPayment } from '../payments.ts';
import { amountOf, whyConversionUnlawful, whyFeesUnlawful, whyNotFirst, whyVelocityUnlawful } from './lawful.ts';
import { priceAt } from './price.ts';
import type { Proposal, Scene } from './proposal.ts';
import { succeed, unlawful } from './proposal.ts';
import { take, walletOf } from './take.ts';

export function pay(asked: AskedOperation, { names }: Scene): Proposal {
  const terms = termsOf(asked);
  if (typeof terms === 'string') return unlawful(terms);
  const { amountMinor } = terms;
  const { movements, fees } = take(terms, names, 0n, amountMinor);
  const payment = newPayment(terms, {
    status: 'succeeded',
    authorizedMinor: amountMinor,
    capturedMinor: amountMinor,
  });
  return succeed({ movements, fees, fx: asked.fx, payment, spender: walletOf(terms, names) });
}

export function authorize(asked: AskedOperation, { names }: Scene): Proposal {
  const terms = termsOf(asked);
  if (typeof terms === 'string') return unlawful(terms);
  if (asked.authorize === null) return unlawful('it has no terms of a hold');
  const wallet = walletOf(terms, names);
  const payment = newPayment(terms, { status: 'authorized', authorizedMinor: terms.amountMinor });
  const holds = hold(wallet, priceAt(terms, terms.amountMinor).costMinor);
  return succeed({ holds, fx: asked.fx, payment, spender: wallet });
}

function termsOf(asked: AskedOperation): Terms | string {
  const amount = amountOf(asked);
  if (typeof amount === 'string') return amount;
  if (asked.customerId === null) return 'it names no customer';
  if (asked.method?.type !== 'wallet') return `its method is "${asked.method?.type}"`;
  const why =
    whyNotFirst(asked) ??
    whyConversionUnlawful(asked, amount.currency) ??
    whyFeesUnlawful(asked, amount) ??
    whyVelocityUnlawful(asked);
  if (why !== null) return why;
  const { paymentId, environment, merchantId, customerId, fees, fx } = asked;
  return {
    paymentId,
    environment,
    merchantId,
    customerId,
    kind: 'payment',
    ...amount,
    rules: fees,
    feesMinor: fees.map((fee) => fee.amountMinor),
    conversion: fx,
    expiresAt: asked.authorize?.expiresAt ?? null,
    purse: null,
  };
}
