// Decides a top-up in the sandbox: money comes into a wallet out of the world.
import { houseAccountId, walletAccountId } from '@paystream/payments';
import type { Reading } from '../instruction.ts';
import { illegal, legal, NO_NEEDS } from '../instruction.ts';
import { move } from '../posting.ts';
import type { ProcessedOperation } from '../processed-operation.ts';
import { readAmount } from '../read-money.ts';
import { succeeded } from '../verdict.ts';

/** A priced `top_up`: debit the world; credit the customer's wallet. It belongs to no payment and carries no fee. */
export function readTopUp(asked: ProcessedOperation, partition: number): Reading {
  const { environment, customerId } = asked;
  const amount = readAmount(asked);
  if (typeof amount === 'string') return illegal(amount);
  if (customerId === null) return illegal('it names no customer');
  if (asked.fees.length > 0) return illegal('a top-up carries no fee');
  if (asked.route !== null || asked.fx !== null || asked.sourceCurrency !== null) {
    return illegal('only top-ups of the sandbox are known');
  }
  const { amountMinor, currency } = amount;
  const world = houseAccountId(environment, 'world', currency, partition);
  const wallet = walletAccountId(environment, customerId, currency);
  return legal({
    asked,
    needs: NO_NEEDS,
    opens: null,
    accountsOf: () => [world, wallet],
    decide: () => succeeded({ postings: move(world, wallet, currency, amountMinor) }),
  });
}
