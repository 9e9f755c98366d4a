// Decides a transfer between customers: one wallet gives to one or several, all of it or nothing.
import { houseAccountId, isId, payableAccountId, prefixes, walletAccountId } from '@paystream/payments';
import type { Reading } from '../instruction.ts';
import { illegal, legal, NO_NEEDS } from '../instruction.ts';
import { faultInVelocity, spendSubject } from '../limits.ts';
import { move } from '../posting.ts';
import type { ProcessedOperation } from '../processed-operation.ts';
import { faultInFees, readAmount } from '../read-money.ts';
import { succeeded } from '../verdict.ts';

/** A priced `transfer`: each payee gets his leg, the merchant the platform fee, the house its fees from who bears them. */
export function readTransfer(asked: ProcessedOperation, partition: number): Reading {
  const amount = readAmount(asked);
  if (typeof amount === 'string') return illegal(amount);
  const { environment, merchantId, customerId, transfer } = asked;
  if (customerId === null || transfer === null) return illegal('it names no payer, or no legs');
  const fault = faultInLegs(asked, amount.amountMinor) ?? faultInFees(asked, amount) ?? faultInVelocity(asked);
  if (fault !== null) return illegal(fault);
  if (asked.fx !== null || asked.sourceCurrency !== null) return illegal('transfers are in one currency');

  const { currency } = amount;
  const payer = walletAccountId(environment, customerId, currency);
  const payable = payableAccountId(environment, merchantId, currency);
  const feeIncome = houseAccountId(environment, 'fee_income', currency, partition);
  const platformFeeMinor = transfer.platformFeeMinor ?? 0n;
  const legs = transfer.legs.map(({ payeeCustomerId, amountMinor }) => ({
    payee: walletAccountId(environment, payeeCustomerId, currency),
    amountMinor,
  }));
  const involvesMerchant = platformFeeMinor > 0n || asked.fees.some(({ bearer }) => bearer === 'merchant');
  return legal({
    asked,
    needs: { ...NO_NEEDS, spendsOf: spendSubject(asked) },
    opens: null,
    accountsOf: () => [
      payer,
      ...legs.map(({ payee }) => payee),
      ...(involvesMerchant ? [payable] : []),
      ...(asked.fees.length > 0 ? [feeIncome] : []),
    ],
    decide: () =>
      succeeded({
        postings: [
          ...legs.flatMap(({ payee, amountMinor }) => move(payer, payee, currency, amountMinor)),
          ...move(payer, payable, currency, platformFeeMinor),
          ...asked.fees.flatMap(({ bearer, amountMinor }) =>
            move(bearer === 'customer' ? payer : payable, feeIncome, currency, amountMinor),
          ),
        ],
        fees: asked.fees,
        spentFrom: payer,
      }),
  });
}

function faultInLegs({ customerId, transfer }: ProcessedOperation, amountMinor: bigint): string | null {
  const { legs = [], platformFeeMinor = null } = transfer ?? {};
  if (legs.length === 0 || legs.some((leg) => leg.amountMinor <= 0n)) return 'it has no legs, or one of nothing';
  if (legs.some(({ payeeCustomerId }) => !isId(prefixes.customer, payeeCustomerId))) return 'a payee is no customer';
  if (legs.some(({ payeeCustomerId }) => payeeCustomerId === customerId)) return 'the payer is among the payees';
  if (legs.reduce((sum, leg) => sum + leg.amountMinor, 0n) !== amountMinor) return 'its legs do not add up';
  return platformFeeMinor !== null && platformFeeMinor < 0n ? 'its platform fee is below zero' : null;
}
