// Says what a posting is, and makes postings, none for an amount of nothing.

/** Moves an amount above zero from one account to another of the same currency: it cannot be out of balance. */
export interface Posting {
  readonly debitAccount: string;
  readonly creditAccount: string;
  readonly currency: string;
  /** Above zero. */
  readonly amountMinor: bigint;
}

/** `debit → credit`. @throws RangeError for an amount below zero: whoever computed it has a fault */
export function move(debitAccount: string, creditAccount: string, currency: string, amountMinor: bigint): Posting[] {
  if (amountMinor < 0n) throw new RangeError(`${amountMinor} ${currency} cannot be posted`);
  return amountMinor === 0n ? [] : [{ debitAccount, creditAccount, currency, amountMinor }];
}

/** `debit → credit`; below zero the other way round. */
export function moveEitherWay(debit: string, credit: string, currency: string, amountMinor: bigint): Posting[] {
  return amountMinor < 0n ? move(credit, debit, currency, -amountMinor) : move(debit, credit, currency, amountMinor);
}
