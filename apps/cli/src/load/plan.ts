// Decides who gets how much money before the purchases: most get all they need, a stated share gets half.

import { chanceOf } from './keys.ts';
import type { Purchase } from './purchases.ts';

export interface CustomerPlan {
  readonly customer: string;
  /** In file order; one after the other, so that the same ones are declined in every run. */
  readonly purchases: readonly Purchase[];
  /** Minor units; zero when there is nothing to pay for. */
  readonly topUpMinor: bigint;
  /** True: not enough for everything. */
  readonly isShort: boolean;
}

/** One plan per customer, in order of first purchase. `shortShare` (0 to 1) of the customers cannot pay for everything. */
export function planLoad(purchases: readonly Purchase[], shortShare: number): CustomerPlan[] {
  const byCustomer = Map.groupBy(purchases, ({ customer }) => customer);
  return [...byCustomer].map(([customer, own]) => {
    const neededMinor = own.reduce((sum, { amountMinor }) => (amountMinor > 0n ? sum + amountMinor : sum), 0n);
    const isShort = neededMinor > 0n && chanceOf(customer) < shortShare;
    return { customer, purchases: own, topUpMinor: isShort ? neededMinor / 2n : neededMinor, isShort };
  });
}
