// Decides a top-up in the sandbox: money comes into a wallet out of the world.
import { houseAccountId, walletAccountId } from '@paystream/payments';
import type { ProcessedOperation, Reading } from '../model.ts';
import { illegal, legal } from '../model.ts';
import { readAmount } from '../read-amount.ts';

/** A priced `top_up`: debit the world; credit the customer's wallet. It belongs to no payment and carries no fee. */
export function readTopUp(asked: ProcessedOperation, partition: number): Reading {
  const amount = readAmount(asked);
  if (typeof amount === 'string') return illegal(amount);
  if (asked.fees.length > 0) return illegal('a top-up carries no fee');
  if (asked.route !== null || asked.fx !== null) return illegal('only top-ups of the sandbox are known');

  const { amountMinor, currency, customerId } = amount;
  const world = houseAccountId(asked.environment, 'world', currency, partition);
  const wallet = walletAccountId(asked.environment, customerId, currency);
  return legal({
    asked,
    paymentId: null,
    accountsOf: () => [world, wallet],
    decide: () => ({
      outcome: 'succeeded',
      failure: null,
      postings: [{ debitAccount: world, creditAccount: wallet, currency, amountMinor }],
      holds: [],
      payment: null,
    }),
  });
}
