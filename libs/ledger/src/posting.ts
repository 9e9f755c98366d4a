// Makes postings, and none for an amount of nothing.
import type { Posting } from './model.ts';

/** `debit → credit`. @throws RangeError for an amount below zero: whoever computed it has a fault */
export function move(debitAccount: string, creditAccount: string, currency: string, amountMinor: bigint): Posting[] {
  if (amountMinor < 0n) throw new RangeError(`${amountMinor} ${currency} cannot be posted`);
  return amountMinor === 0n ? [] : [{ debitAccount, creditAccount, currency, amountMinor }];
}

/** `debit → credit`; below zero the other way round. */
export function moveEitherWay(debit: string, credit: string, currency: string, amountMinor: bigint): Posting[] {
  return amountMinor < 0n ? move(credit, debit, currency, -amountMinor) : move(debit, credit, currency, amountMinor);
}
