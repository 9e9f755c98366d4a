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
const outcome = (status: string, amountMinor: bigint | null = 1_000n): Partial<AskedOperation> => ({
  ...about,
  operation: 'pay_out',
  kind: 'outcome',
  pass: 2,
  amountMinor: 1_000n,
  outcome: { provider: 'sandbox', status, amountMinor, currency: null },
  failure: status === 'declined' ? { code: 'account_closed_or_invalid' } : null,
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
  it.each<[string, Partial<AskedOperation>[], string[]]>([
    ['paid', [payOut(), outcome('approved')], [`${TRANSIT} > world:USD 1000`, 'succeeded (paid)']],
    [
      'paid, of an amount not said',
      [payOut(), outcome('approved', null)],
      [`${TRANSIT} > world:USD 1000`, 'succeeded (paid)'],
    ],
    [
      'paid too little',
      [payOut(), outcome('approved', 900n)],
      [`${TRANSIT} > world:USD 900`, `${TRANSIT} > suspense:USD 100`, 'manual_review (manual_review)'],
    ],
    [
      'paid too much',
      [payOut(), outcome('approved', 1_050n)],
      [`${TRANSIT} > world:USD 1000`, 'suspense:USD > world:USD 50', 'manual_review (manual_review)'],
    ],
    [
      'declined: all goes back',
      [payOut(), outcome('declined')],
      [`${TRANSIT} > ${SHOP} 1000`, `fee_income:USD > ${SHOP} 25`, 'failed account_closed_or_invalid (failed)'],
    ],
    [
      'declined, onto a frozen purse',
      [payOut(), frozen, outcome('declined')],
      [`${TRANSIT} > suspense:USD 1000`, 'fee_income:USD > suspense:USD 25', 'manual_review (manual_review)'],
    ],
    [
      'approved a second time',
      [payOut(), outcome('approved'), outcome('approved')],
      ['suspense:USD > world:USD 1000', 'manual_review (paid)'],
    ],
    ['declined a second time', [payOut(), outcome('declined'), outcome('declined')], ['manual_review (failed)']],
    ['approved, but never admitted', [outcome('approved', 70n)], ['suspense:USD > world:USD 70', 'manual_review']],
    [
      'approved, but never admitted, of the record’s amount',
      [outcome('approved', null)],
      ['suspense:USD > world:USD 1000', 'manual_review'],
    ],
    ['still unknown', [payOut(), outcome('unknown')], ['unlawful: its outcome "unknown" ends nothing']],
  ])('%s', (_case, records, expected) => {
    expect(play(FUNDS, records).last).toEqual(expected);
  });
});

describe('a pay-out returned', () => {
  const paid = [payOut(), outcome('approved')];
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
