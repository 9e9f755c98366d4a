// Names the accounts of a pay-out, and says whether money may still come into the purse it was paid out of.
import { houseAccountId, payableAccountId, receivableAccountId, walletAccountId } from '@paystream/payments';
import type { Account } from './account.ts';

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

/** What comes from outside for a frozen or closed account goes to suspense instead. */
export function canReceive({ status }: Account): boolean {
  return status === 'open';
}
