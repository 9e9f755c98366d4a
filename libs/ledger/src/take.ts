// Takes the customer's money for a part of a payment: to the merchant, the house's fees and the currency position.
import type { FeeLine } from '@paystream/pricing';
import { feesAt } from '@paystream/pricing';
import type { Cost } from './customer-money.ts';
import { costBetween, feeChanges } from './customer-money.ts';
import type { ConversionAccounts, PaymentAccounts } from './payment-accounts.ts';
import { conversionAccounts } from './payment-accounts.ts';
import type { PaymentTerms } from './payment.ts';
import type { Posting } from './posting.ts';
import { move, moveEitherWay } from './posting.ts';

export interface Taking {
  readonly postings: Posting[];
  /** What of each fee line it takes. */
  readonly fees: FeeLine[];
  /** By how much the wallet falls, in minor units of its currency. */
  readonly costMinor: bigint;
}

/** From `fromMinor` captured to `toMinor`: the difference of what is due at either, so that parts add up to the whole. */
export function take(terms: PaymentTerms, accounts: PaymentAccounts, fromMinor: bigint, toMinor: bigint): Taking {
  const fees = feeChanges(terms.fees, feesAt(terms.fees, fromMinor), feesAt(terms.fees, toMinor));
  const merchantFeesMinor = fees.reduce((sum, fee) => (fee.bearer === 'merchant' ? sum + fee.amountMinor : sum), 0n);
  const cost = costBetween(terms, fromMinor, toMinor);
  const { conversion, wallet, walletCurrency, payable, feeIncome } = accounts;
  const source = conversion === null ? wallet : conversion.position;
  return {
    postings: [
      ...(conversion === null ? [] : convert(wallet, walletCurrency, conversion, cost)),
      ...moveEitherWay(source, payable, terms.currency, toMinor - fromMinor - merchantFeesMinor),
      ...fees.flatMap((fee) => moveEitherWay(source, feeIncome, terms.currency, fee.amountMinor)),
    ],
    fees,
    costMinor: cost.totalMinor,
  };
}

/** Into the position what it is worth there, what rounding leaves over by its name, the markup as income of its own. */
function convert(wallet: string, currency: string, to: ConversionAccounts, cost: Cost): Posting[] {
  const { collectedMinor, positionMinor, roundingMinor, markupMinor } = cost;
  const exchanged =
    roundingMinor < 0n
      ? [
          ...moveEitherWay(wallet, to.walletPosition, currency, collectedMinor),
          ...move(to.rounding, to.walletPosition, currency, -roundingMinor),
        ]
      : [
          ...moveEitherWay(wallet, to.walletPosition, currency, positionMinor),
          ...move(wallet, to.rounding, currency, roundingMinor),
        ];
  return [...exchanged, ...moveEitherWay(wallet, to.markupIncome, currency, markupMinor)];
}

/** Every account that taking may touch. */
export function accountsOfTaking(terms: PaymentTerms, accounts: PaymentAccounts): string[] {
  const { wallet, payable, feeIncome } = accounts;
  return [wallet, payable, ...(terms.fees.length > 0 ? [feeIncome] : []), ...conversionAccounts(accounts)];
}
