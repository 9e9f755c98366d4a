// Moves money from one customer to others, all or nothing.

import type { AskedOperation } from '../inputs.ts';
import { move } from '../movements.ts';
import { sayTaken } from './fees.ts';
import type { Amount } from './lawful.ts';
import { amountOf, whyFeesUnlawful, whyNotFirst, whyVelocityUnlawful } from './lawful.ts';
import type { Proposal, Scene } from './proposal.ts';
import { succeed, unlawful } from './proposal.ts';

export function transfer(asked: AskedOperation, { names }: Scene): Proposal {
  const amount = amountOf(asked);
  if (typeof amount === 'string') return unlawful(amount);
  const { customerId, merchantId, transfer: terms, fees } = asked;
  if (customerId === null) return unlawful('it names no customer');
  if (terms === null) return unlawful('it has no terms of a transfer');
  const why =
    whyNotFirst(asked) ??
    whyLegsUnlawful(asked, terms, amount) ??
    whyFeesUnlawful(asked, amount) ??
    whyVelocityUnlawful(asked);
  if (why !== null) return unlawful(why);

  const { currency } = amount;
  const payer = names.wallet(customerId, currency);
  const payable = names.payable(merchantId, currency);
  const feeIncome = names.house('fee_income', currency);
  return succeed({
    movements: [
      ...terms.legs.flatMap((leg) =>
        move(payer, names.wallet(leg.payeeCustomerId, currency), currency, leg.amountMinor),
      ),
      ...move(payer, payable, currency, terms.platformFeeMinor ?? 0n),
      ...fees.flatMap((fee) => move(fee.bearer === 'customer' ? payer : payable, feeIncome, currency, fee.amountMinor)),
    ],
    fees: sayTaken(
      fees,
      fees.map((fee) => fee.amountMinor),
    ),
    spender: payer,
  });
}

function whyLegsUnlawful(
  { customerId, fx, sourceCurrency, method }: AskedOperation,
  { legs, platformFeeMinor }: NonNullable<AskedOperation['transfer']>,
  { amountMinor, currency }: Amount,
): string | null {
  if (method !== null && method.type !== 'wallet') return `its method is "${method.type}"`;
  if (fx !== null || (sourceCurrency !== null && sourceCurrency !== currency)) return 'a transfer is never converted';
  if (legs.some((leg) => leg.amountMinor <= 0n)) return 'a leg has no amount';
  if (legs.some((leg) => leg.payeeCustomerId === customerId)) return 'it pays the payer';
  if (legs.reduce((sum, leg) => sum + leg.amountMinor, 0n) !== amountMinor)
    return 'its legs do not add up to its amount';
  return platformFeeMinor !== null && platformFeeMinor < 0n ? `its platform fee is ${platformFeeMinor}` : null;
}
