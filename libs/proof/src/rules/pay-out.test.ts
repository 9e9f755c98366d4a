// Shows how a pay-out is admitted, and what its end outside does: paid, declined, of another amount, unknown, returned.

import { describe, expect, it } from 'vitest';
import type { AskedOperation } from '../inputs.ts';
import { fact, fee } from '../testing/ask.ts';
import { play } from '../testing/play.ts';

const SHOP = 'payable:mer_shop:USD';
const OWED = 'receivable:mer_shop:USD';
const TRANSIT = 'payout_in_transit:USD';
const FUNDS = { [SHOP]: 1_100n };

const about = { operationId: 'po', paymentId: 'po', customerId: null } as const;
const payOut = (overrides: Partial<AskedOperation> = {}): Partial<AskedOperation> => ({
  ...about,
  operation: 'pay_out',
  payOut: { payeeType: 'merchant' },
  amountMinor: 1_000n,
  fees: [fee({ percentBps: 0, fixedMinor: 25n, amountMinor: 25n, baseMinor: 1_000n })],
  ...overrides,
});
const report = (
  status: 'paid' | 'failed',
  overrides: Parameters<typeof fact>[1] = {},
  customerId: string | null = null,
): Partial<AskedOperation> => ({
  ...fact(`pay_out_${status}`, { amountMinor: 1_000n, ...overrides }),
  ...{ operation: 'report', paymentId: 'po', customerId },
  failure: status === 'failed' ? { code: 'account_closed_or_invalid' } : null,
});
const returned = (overrides: Parameters<typeof fact>[1] = {}): Partial<AskedOperation> => ({
  ...fact('pay_out_returned', { amountMinor: 1_000n, ...overrides }),
  paymentId: 'po',
  customerId: null,
});
const command = (operation: string): Partial<AskedOperation> => ({
  operation,
  customerId: null,
  account: { accountId: `test:${SHOP}`, overdraftMinor: null, dailyAmountMinor: null, dailyCount: null },
});
const admitted = [`${SHOP} > ${TRANSIT} 1000`, `${SHOP} > fee_income:USD 25`, 'in_transit (in_transit)'];

describe('a pay-out', () => {
  it.each<[string, Record<string, bigint>, Partial<AskedOperation>, string[]]>([
    ['of a merchant', FUNDS, payOut(), admitted],
    [
      'of a customer, who bears the fee all the same',
      { 'wallet:cus_ann:USD': 1_025n },
      payOut({ customerId: 'cus_ann', payOut: { payeeType: 'customer' } }),
      [`wallet:cus_ann:USD > ${TRANSIT} 1000`, 'wallet:cus_ann:USD > fee_income:USD 25', 'in_transit (in_transit)'],
    ],
    ['repays first what is owed', { [SHOP]: 1_125n, [OWED]: -100n }, payOut(), [`${SHOP} > ${OWED} 100`, ...admitted]],
    [
      'is declined when that leaves too little',
      { [SHOP]: 1_124n, [OWED]: -100n },
      payOut(),
      ['failed insufficient_funds'],
    ],
    ['is nobody’s', FUNDS, payOut({ payOut: { payeeType: 'house' } }), ['unlawful: nobody is paid out: "house"']],
  ])('%s', (_case, funds, record, expected) => {
    expect(play(funds, [record]).last).toEqual(expected);
  });
});

describe('the end of a pay-out', () => {
  const frozen = command('freeze');
  const outOfSuspense = 'suspense:USD > world:USD 1000';
  it.each<[string, Partial<AskedOperation>[], string[]]>([
    ['paid', [payOut(), report('paid')], [`${TRANSIT} > world:USD 1000`, 'succeeded (paid)']],
    [
      'failed: all goes back',
      [payOut(), report('failed')],
      [`${TRANSIT} > ${SHOP} 1000`, `fee_income:USD > ${SHOP} 25`, 'failed account_closed_or_invalid (failed)'],
    ],
    [
      'failed, onto a frozen purse',
      [payOut(), frozen, report('failed')],
      [`${TRANSIT} > suspense:USD 1000`, 'fee_income:USD > suspense:USD 25', 'manual_review (manual_review)'],
    ],
    [
      'paid with another amount',
      [payOut(), report('paid', { amountMinor: 900n })],
      ['suspense:USD > world:USD 900', 'manual_review (in_transit)'],
    ],
    [
      'paid in another currency',
      [payOut(), report('paid', { currency: 'EUR' })],
      ['suspense:EUR > world:EUR 1000', 'manual_review (in_transit)'],
    ],
    ['failed with another amount', [payOut(), report('failed', { amountMinor: 1n })], ['manual_review (in_transit)']],
    [
      'paid rightly after a wrong report',
      [payOut(), report('paid', { currency: 'EUR' }), report('paid')],
      [`${TRANSIT} > world:USD 1000`, 'succeeded (paid)'],
    ],
    [
      'paid, as the first version told it: in a second record of the pay-out',
      [payOut(), { ...report('paid'), ...about, operation: 'pay_out', kind: 'outcome', pass: 2 }],
      [`${TRANSIT} > world:USD 1000`, 'succeeded (paid)'],
    ],
    ['paid, and paid once more', [payOut(), report('paid'), report('paid')], ['succeeded (paid)']],
    ['failed, and failed once more', [payOut(), report('failed'), report('failed')], ['succeeded (failed)']],
    ['paid, and then failed', [payOut(), report('paid'), report('failed')], ['manual_review (paid)']],
    ['failed, and then paid', [payOut(), report('failed'), report('paid')], [outOfSuspense, 'manual_review (failed)']],
    ['paid, but never admitted', [report('paid')], [outOfSuspense, 'manual_review']],
    ['paid before it is admitted', [report('paid'), payOut()], admitted],
    [
      'of a customer’s, told as the merchant’s own',
      [payOut(), report('paid', {}, 'cus_ann')],
      [outOfSuspense, 'manual_review'],
    ],
    [
      'failed without a reason',
      [payOut(), { ...report('failed'), failure: null }],
      ['unlawful: it reports a failure without a reason'],
    ],
  ])('%s', (_case, records, expected) => {
    expect(play(FUNDS, records).last).toEqual(expected);
  });
});

describe('a pay-out returned', () => {
  const paid = [payOut(), report('paid')];
  const toSuspense = 'world:USD > suspense:USD 1000';
  it.each<[string, Partial<AskedOperation>[], string[]]>([
    ['goes back to the purse', [...paid, returned()], [`world:USD > ${SHOP} 1000`, 'succeeded (returned)']],
    [
      'of another amount',
      [...paid, returned({ amountMinor: 999n })],
      ['world:USD > suspense:USD 999', 'manual_review (paid)'],
    ],
    [
      'in another currency',
      [...paid, returned({ currency: 'EUR' })],
      ['world:EUR > suspense:EUR 1000', 'manual_review (paid)'],
    ],
    ['onto a frozen purse', [...paid, command('freeze'), returned()], [toSuspense, 'manual_review (paid)']],
    ['before it was paid', [payOut(), returned()], [toSuspense, 'manual_review (in_transit)']],
    ['twice', [...paid, returned(), returned()], [toSuspense, 'manual_review (returned)']],
    ['that never was', [returned()], [toSuspense, 'manual_review']],
  ])('%s', (_case, records, expected) => {
    expect(play(FUNDS, records).last).toEqual(expected);
  });
});
