// Names the accounts that a payment's money moves between.
import { houseAccountId, payableAccountId, receivableAccountId, walletAccountId } from '@paystream/payments';
import type { PaymentTerms } from './payment.ts';

/** Accounts of one payment; house accounts are those of the partition its operations come from. */
export interface PaymentAccounts {
  readonly wallet: string;
  /** The currency the customer pays in. */
  readonly walletCurrency: string;
  readonly payable: string;
  readonly receivable: string;
  readonly feeIncome: string;
  /** Set when the customer pays in another currency. */
  readonly conversion: ConversionAccounts | null;
}

export interface ConversionAccounts {
  /** In the payment's currency. */
  readonly position: string;
  /** In the wallet's currency, as the others here. */
  readonly walletPosition: string;
  readonly rounding: string;
  readonly markupIncome: string;
}

/** @throws RangeError when the payment has no customer: those that the books hold have one */
export function paymentAccounts(
  { environment, merchantId, customerId, currency, fx }: PaymentTerms,
  partition: number,
): PaymentAccounts {
  if (customerId === null) throw new RangeError('a payment has a customer');
  const walletCurrency = fx?.fromCurrency ?? currency;
  const house = (kind: Parameters<typeof houseAccountId>[1], of: string) =>
    houseAccountId(environment, kind, of, partition);
  return {
    wallet: walletAccountId(environment, customerId, walletCurrency),
    walletCurrency,
    payable: payableAccountId(environment, merchantId, currency),
    receivable: receivableAccountId(environment, merchantId, currency),
    feeIncome: house('fee_income', currency),
    conversion:
      fx === null
        ? null
        : {
            position: house('fx_position', currency),
            walletPosition: house('fx_position', walletCurrency),
            rounding: house('fx_rounding', walletCurrency),
            markupIncome: house('fee_income', walletCurrency),
          },
  };
}

/** The conversion's accounts, where there is a conversion. */
export function conversionAccounts({ conversion }: PaymentAccounts): string[] {
  if (conversion === null) return [];
  return [conversion.position, conversion.walletPosition, conversion.rounding, conversion.markupIncome];
}
