// Takes the customer's money for a part of a payment: to the merchant, the house's fees and the currency position.
import type { FeeLine } from '@paystream/pricing';
import { feesAt } from '@paystream/pricing';
import { costAt, feeChanges } from './customer-money.ts';
import type { Posting } from './model.ts';
import type { PaymentTerms } from './payment.ts';
import { conversionAccounts } from './payment-accounts.ts';
import type { ConversionAccounts, PaymentAccounts } from './payment-accounts.ts';
import { move, moveEitherWay } from './posting.ts';

export interface Taking {
  readonly postings: Posting[];
  /** What of each fee line it takes. */
  readonly fees: FeeLine[];
  /** By how much the wallet falls. */
  readonly costMinor: bigint;
}

/** From `fromMinor` captured to `toMinor`: the difference of what is due at either, so that parts add up to the whole. */
export function take(terms: PaymentTerms, accounts: PaymentAccounts, fromMinor: bigint, toMinor: bigint): Taking {
  const fees = feeChanges(terms.fees, feesAt(terms.fees, fromMinor), feesAt(terms.fees, toMinor));
  const merchantFeesMinor = fees.reduce((sum, fee) => (fee.bearer === 'merchant' ? sum + fee.amountMinor : sum), 0n);
  const before = costAt(terms, fromMinor);
  const after = costAt(terms, toMinor);
  const { conversion, wallet, walletCurrency, payable, feeIncome } = accounts;
  const source = conversion === null ? wallet : conversion.position;
  const change = {
    collectedMinor: after.collectedMinor - before.collectedMinor,
    positionMinor: after.positionMinor - before.positionMinor,
    roundingMinor: after.roundingMinor - before.roundingMinor,
    markupMinor: after.markupMinor - before.markupMinor,
  };
  return {
    postings: [
      ...(conversion === null ? [] : convert(wallet, walletCurrency, conversion, change)),
      ...moveEitherWay(source, payable, terms.currency, toMinor - fromMinor - merchantFeesMinor),
      ...fees.flatMap((fee) => moveEitherWay(source, feeIncome, terms.currency, fee.amountMinor)),
    ],
    fees,
    costMinor: after.totalMinor - before.totalMinor,
  };
}

interface Change {
  readonly collectedMinor: bigint;
  readonly positionMinor: bigint;
  readonly roundingMinor: bigint;
  readonly markupMinor: bigint;
}

/** Into the position what it is worth there, what rounding leaves over by its name, the markup as income of its own. */
function convert(wallet: string, currency: string, to: ConversionAccounts, change: Change): Posting[] {
  const { collectedMinor, positionMinor, roundingMinor, markupMinor } = change;
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
