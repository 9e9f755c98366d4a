// Names accounts as the rules do: owned ones are one row each, the house's have a row per partition.

export interface AccountNames {
  readonly wallet: (customerId: string, currency: string) => string;
  readonly payable: (merchantId: string, currency: string) => string;
  /** What an owner, merchant or customer, owes. */
  readonly receivable: (ownerId: string, currency: string) => string;
  /** `kind` with its provider where it has one: `provider_clearing/sandbox`. */
  readonly house: (kind: string, currency: string) => string;
}

export function accountNames(environment: string, partition: number): AccountNames {
  const owned = (kind: string) => (ownerId: string, currency: string) =>
    `${environment}:${kind}:${ownerId}:${currency}`;
  return {
    wallet: owned('wallet'),
    payable: owned('payable'),
    receivable: owned('receivable'),
    house: (kind, currency) => `${environment}:${kind}:${currency}:p${partition}`,
  };
}

/** Accounts whose funds are checked before a decision of ours. */
export function isChecked(accountId: string): boolean {
  const kind = kindOf(accountId);
  return kind === 'wallet' || kind === 'payable';
}

/** Accounts with an owner, of which `payment.settled` must report each that changed. */
export function isOwned(accountId: string): boolean {
  return isChecked(accountId) || kindOf(accountId) === 'receivable';
}

function kindOf(accountId: string): string | undefined {
  return accountId.split(':', 2)[1];
}
