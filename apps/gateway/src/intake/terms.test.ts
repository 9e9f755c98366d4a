// Checks that terms come back from their text as they went in, whichever operation's they are.
import type { Terms } from '@paystream/topics';
import { expect, test } from 'vitest';
import { completeTerms, fromTermsText, holdEndsAt, toTermsText } from './terms.ts';

const every: Terms = {
  method: { type: 'wallet', methodId: null },
  sourceCurrency: 'EUR',
  quote: {
    quoteId: 'fxq_1',
    fromCurrency: 'EUR',
    toCurrency: 'USD',
    rate: '1.1',
    baseRate: '1.12',
    markupBps: 50,
    quotedAt: 1n,
    expiresAt: 2n,
    rateSource: '12',
    ratePublishedAt: 3n,
  },
  authorize: { expiresAt: 9_007_199_254_740_993n },
  capture: { final: true },
  cancel: { reasonCode: '7' },
  refund: { reasonCode: null, merchantRefundId: '42', rateChoice: 'original' },
  transfer: {
    purpose: 'loan',
    legs: [{ payeeCustomerId: 'cus_1', amountMinor: 5n, purpose: null }],
    platformFeeMinor: 0n,
    relatedPaymentId: null,
  },
  payOut: { payeeType: 'merchant', destinationMethodId: null },
  account: { accountId: 'a', overdraftMinor: 1n, dailyAmountMinor: null, dailyCount: 3n },
  correction: {
    ofOperationId: 'pay_1',
    lines: [{ debitAccountId: 'a', creditAccountId: 'b', currency: 'USD', amountMinor: 7n }],
  },
  resolve: { ofOperationId: 'pay_1', decision: 'd', targetStatus: null },
  operator: { operatorId: 'op_1', approverId: null, reasonCode: '1', reasonId: null },
  country: 'DE',
};

test('every term survives being text, numbers in text among them', () => {
  expect(fromTermsText(toTermsText(every))).toEqual(every);
});

test('a plain payment has nothing to keep', () => {
  expect(toTermsText({})).toBeNull();
  expect(fromTermsText(null)).toEqual({});
  expect(completeTerms('pay', {}, 0n)).toMatchObject({ method: { type: 'wallet' }, authorize: null });
});

test('a hold ends a week after it was asked for, unless it says when', () => {
  expect(completeTerms('authorize', {}, 5n).authorize).toEqual({ expiresAt: 604_800_000_005n });
  expect(holdEndsAt({ authorize: { expiresAt: 9n } }, 5n)).toBe(9n);
});
