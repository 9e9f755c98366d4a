// Takes the amount and the customer out of an operation that cannot do without, or says what is wrong with them.
import { isCurrency } from '@paystream/money';
import type { ProcessedOperation } from './model.ts';

export interface CustomersAmount {
  /** Above zero. */
  readonly amountMinor: bigint;
  /** ISO 4217 */
  readonly currency: string;
  readonly customerId: string;
}

/** The amount with its customer; a text says why there is none. */
export function readAmount({
  amountMinor,
  currency,
  customerId,
  sourceCurrency,
}: ProcessedOperation): CustomersAmount | string {
  if (amountMinor === null || currency === null) return 'it has no amount';
  if (amountMinor <= 0n) return 'its amount is not above zero';
  if (!isCurrency(currency)) return 'its currency is not known';
  if (sourceCurrency !== null && sourceCurrency !== currency) return 'conversions are not known';
  if (customerId === null) return 'it names no customer';
  return { amountMinor, currency, customerId };
}
