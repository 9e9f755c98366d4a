// Brings money from the world onto a wallet.

import type { AskedOperation } from '../inputs.ts';
import { move } from '../movements.ts';
import { amountOf, whyNotFirst } from './lawful.ts';
import type { Proposal, Scene } from './proposal.ts';
import { succeed, unlawful } from './proposal.ts';

export function topUp(asked: AskedOperation, { names }: Scene): Proposal {
  const amount = amountOf(asked);
  if (typeof amount === 'string') return unlawful(amount);
  const { customerId, method, fees, fx, sourceCurrency } = asked;
  if (customerId === null) return unlawful('it names no customer');
  if (method?.type !== 'sandbox') return unlawful(`its method is "${method?.type}"`);
  const why = whyNotFirst(asked);
  if (why !== null) return unlawful(why);
  if (fees.length > 0) return unlawful('a top-up carries no fee');
  if (fx !== null || (sourceCurrency !== null && sourceCurrency !== amount.currency))
    return unlawful('a top-up is never converted');
  const { amountMinor, currency } = amount;
  const wallet = names.wallet(customerId, currency);
  return succeed({ movements: move(names.house('world', currency), wallet, currency, amountMinor) });
}
