// Names the accounts that a pay-out's money moves between.
import { houseAccountId, payableAccountId, receivableAccountId, walletAccountId } from '@paystream/payments';

/** Where a pay-out's money is: with its owner, on its way, or outside. */
export interface PayOutAccounts {
  /** The merchant's payable or the customer's wallet. */
  readonly purse: string;
  /** What the same owner owes. */
  readonly receivable: string;
  readonly inTransit: string;
  readonly world: string;
  readonly suspense: string;
  readonly feeIncome: string;
}

interface Owner {
  readonly environment: string;
  readonly merchantId: string;
  /** Null: the merchant is paid out. */
  readonly customerId: string | null;
}

/** Accounts of one pay-out; house accounts are those of the partition its operations come from. */
export function payOutAccounts(
  { environment, merchantId, customerId }: Owner,
  currency: string,
  partition: number,
): PayOutAccounts {
  return {
    purse:
      customerId === null
        ? payableAccountId(environment, merchantId, currency)
        : walletAccountId(environment, customerId, currency),
    receivable: receivableAccountId(environment, customerId ?? merchantId, currency),
    inTransit: houseAccountId(environment, 'payout_in_transit', currency, partition),
    world: houseAccountId(environment, 'world', currency, partition),
    suspense: houseAccountId(environment, 'suspense', currency, partition),
    feeIncome: houseAccountId(environment, 'fee_income', currency, partition),
  };
}
