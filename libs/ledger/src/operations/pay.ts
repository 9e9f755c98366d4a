// Decides a payment from a wallet: the merchant gets the net amount, the house its fees, and the wallet gives both.
import { houseAccountId, payableAccountId, walletAccountId } from '@paystream/payments';
import type { Payment, Posting, ProcessedOperation, Reading } from '../model.ts';
import { illegal, legal } from '../model.ts';
import { readAmount } from '../read-amount.ts';

/** A priced `pay`: debit the customer's wallet; credit the merchant's payable, and fee income once per fee line. */
export function readPay(asked: ProcessedOperation, partition: number): Reading {
  const amount = readAmount(asked);
  if (typeof amount === 'string') return illegal(amount);
  if (asked.paymentId !== asked.operationId) return illegal('it is not the first operation of its payment');
  if (asked.method?.type !== 'wallet' || asked.route !== null) return illegal('only payments from a wallet are known');
  if (asked.fx !== null) return illegal('conversions are not known');

  const { environment, merchantId } = asked;
  const { amountMinor, currency, customerId } = amount;
  const wallet = walletAccountId(environment, customerId, currency);
  const payable = payableAccountId(environment, merchantId, currency);
  const feeIncome = houseAccountId(environment, 'fee_income', currency, partition);
  const feesMinor = sumFees(asked, currency);
  if (typeof feesMinor === 'string') return illegal(feesMinor);
  if (feesMinor > amountMinor) return illegal('its fees exceed its amount');

  return legal({
    asked,
    paymentId: null,
    accountsOf: () => (feesMinor === 0n ? [wallet, payable] : [wallet, payable, feeIncome]),
    decide: () => ({
      outcome: 'succeeded',
      failure: null,
      postings: [
        { debitAccount: wallet, creditAccount: payable, currency, amountMinor: amountMinor - feesMinor },
        ...asked.fees.map((fee) => feePosting(wallet, feeIncome, fee)),
      ].filter((posting) => posting.amountMinor > 0n),
      holds: [],
      payment: paidInFull(asked, { amountMinor, currency }),
    }),
  });
}

/** Sum of the fee lines in minor units, or what is wrong with them. */
function sumFees(asked: ProcessedOperation, currency: string): bigint | string {
  let sumMinor = 0n;
  for (const fee of asked.fees) {
    if (fee.currency !== currency) return 'a fee is in another currency than the payment';
    if (fee.amountMinor < 0n) return 'a fee is below zero';
    if (fee.bearer !== 'merchant') return 'only fees borne by the merchant are known';
    sumMinor += fee.amountMinor;
  }
  return sumMinor;
}

function feePosting(wallet: string, feeIncome: string, fee: { amountMinor: bigint; currency: string }): Posting {
  return { debitAccount: wallet, creditAccount: feeIncome, currency: fee.currency, amountMinor: fee.amountMinor };
}

function paidInFull(
  { paymentId, environment, merchantId, customerId, rulesVersion, fees }: ProcessedOperation,
  { amountMinor, currency }: { amountMinor: bigint; currency: string },
): Payment {
  return {
    paymentId,
    environment,
    merchantId,
    customerId,
    currency,
    amountMinor,
    rulesVersion,
    fees,
    status: 'succeeded',
    authorizedMinor: amountMinor,
    capturedMinor: amountMinor,
    capturePendingMinor: 0n,
    refundedMinor: 0n,
    refundPendingMinor: 0n,
    disputedMinor: 0n,
  };
}
