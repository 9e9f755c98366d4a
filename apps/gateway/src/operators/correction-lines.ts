// Decides which lines a correction may have, and whether their sum is more than one person may order alone.
import type { Queryable } from '@paystream/database';
import { HttpError } from '@paystream/http';
import { exponentOf, isCurrency } from '@paystream/money';
import type { AccountName } from '@paystream/payments';
import { parseAccountId } from '@paystream/payments';
import type { CorrectionLine } from '@paystream/topics';
import { findOwnedAccount } from './accounts.ts';
import type { CorrectionBody } from './correction-model.ts';

/**
 * The lines as the event carries them.
 * @throws HttpError with a pointer to the line in which an account cannot be, or is not of the environment and currency
 */
export async function checkLines(
  database: Queryable,
  { lines }: CorrectionBody,
  environment: string,
): Promise<CorrectionLine[]> {
  for (const [place, { debit, credit, currency }] of lines.entries()) {
    const refuse = (field: string, detail: string) =>
      new HttpError('parameter_invalid', { param: `/lines/${place}/${field}`, detail: `In line ${place} ${detail}.` });
    if (!isCurrency(currency)) throw refuse('currency', 'the currency is none of ISO 4217');
    if (debit === credit) throw refuse('credit', 'both accounts are the same');
    for (const [field, accountId] of [
      ['debit', debit],
      ['credit', credit],
    ] as const) {
      const name = await findAccount(database, accountId);
      if (name === undefined) throw refuse(field, 'there can be no such account');
      if (name.environment !== environment || name.currency !== currency) {
        throw refuse(field, `the account is not one of ${environment} in the line's currency`);
      }
    }
  }
  return lines.map(({ debit, credit, currency, amount }) => ({
    debitAccountId: debit,
    creditAccountId: credit,
    currency,
    amountMinor: BigInt(amount),
  }));
}

/** An owner's account of somebody we know, or one of the house named without its partition. */
async function findAccount(database: Queryable, accountId: string): Promise<AccountName | undefined> {
  const house = parseAccountId(`${accountId}:p0`);
  if (house?.ownerId === null) return house;
  return (await findOwnedAccount(database, accountId))?.name;
}

/** Whether the amounts of some currency add up to more than so many major units. */
export function isAbove(lines: readonly Pick<CorrectionLine, 'currency' | 'amountMinor'>[], majorMax: number): boolean {
  const sums = new Map<string, bigint>();
  for (const { currency, amountMinor } of lines) sums.set(currency, (sums.get(currency) ?? 0n) + amountMinor);
  return [...sums].some(([currency, sum]) => sum > BigInt(majorMax) * 10n ** BigInt(exponentOf(currency)));
}
