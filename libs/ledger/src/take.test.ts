// Taking a part of a payment when a fee's next tier leaves less to those after it: what was taken too much goes back.
import type { FeeLine } from '@paystream/pricing';
import { expect, test } from 'vitest';
import type { PaymentAccounts } from './payment-accounts.ts';
import type { PaymentTerms } from './payment.ts';
import { take } from './take.ts';

const line: FeeLine = {
  ruleId: 'next_tier',
  ruleVersion: 1n,
  kind: 'processing',
  bearer: 'merchant',
  baseMinor: 100n,
  percentBps: 0,
  fixedMinor: 1_000n,
  minMinor: null,
  maxMinor: null,
  refundPolicy: 'keep',
  tier: 'marginal:100-',
  amountMinor: 200n,
  currency: 'USD',
};
/** Takes all that is left: 100 of the first 100, and nothing of 101, as the tier that begins there takes all of it. */
const rest: FeeLine = {
  ...line,
  ruleId: 'rest',
  bearer: 'customer',
  percentBps: 10_000,
  fixedMinor: 0n,
  tier: null,
  amountMinor: 0n,
};

const terms: PaymentTerms = {
  paymentId: 'pay_1',
  kind: 'payment',
  environment: 'test',
  merchantId: 'mer_1',
  customerId: 'cus_1',
  currency: 'USD',
  amountMinor: 200n,
  rulesVersion: 1,
  fees: [line, rest],
  expiresAt: null,
  fx: {
    fromCurrency: 'EUR',
    toCurrency: 'USD',
    fromAmountMinor: 0n,
    toAmountMinor: 0n,
    baseRate: '1.25',
    markupBps: 1_000,
    markupMinor: 0n,
    roundingMinor: 0n,
    roundingCurrency: 'EUR',
    rateSource: 'ecb',
    ratePublishedAt: 1n,
    quoteId: null,
  },
};

const accounts: PaymentAccounts = {
  wallet: 'wallet',
  walletCurrency: 'EUR',
  payable: 'payable',
  receivable: 'receivable',
  feeIncome: 'fee_income',
  conversion: {
    walletPosition: 'position_eur',
    position: 'position_usd',
    rounding: 'rounding',
    markupIncome: 'markup',
  },
};

test('the customer gets back what the larger sum does not cost, in both currencies', () => {
  const { postings, costMinor } = take(terms, accounts, 100n, 101n);
  expect(
    postings.map(({ debitAccount, creditAccount, amountMinor }) => `${debitAccount} ${creditAccount} ${amountMinor}`),
  ).toEqual([
    'position_eur wallet 79', // 160 for 200 dollars' worth before, 81 for 101 after
    'markup wallet 7', // 16 before, 8.08 rounded up after
    'payable position_usd 100',
    'position_usd fee_income 101',
    'fee_income position_usd 100',
  ]);
  expect(costMinor).toBe(-86n);
});
