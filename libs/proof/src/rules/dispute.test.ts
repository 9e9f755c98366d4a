// Shows what a dispute sets aside and where it goes when it ends: each case follows from the page, with figures by hand.

import { describe, expect, it } from 'vitest';
import type { AskedOperation } from '../inputs.ts';
import { conversion, fact, fee } from '../testing/ask.ts';
import { play } from '../testing/play.ts';

const ANN = 'wallet:cus_ann:USD';
const EURO = 'wallet:cus_ann:EUR';
const SHOP = 'payable:mer_shop:USD';
const OWED = 'receivable:mer_shop:USD';
const HELD = 'disputed:USD';
const FUNDS = { [ANN]: 100_000n, [EURO]: 100_000n };

const pay = (overrides: Partial<AskedOperation> = {}) => ({ operationId: 'pay', amountMinor: 1_000n, ...overrides });
const dispute = (type: string, overrides: Parameters<typeof fact>[1] = {}, of: Partial<AskedOperation> = {}) => ({
  ...fact(`dispute_${type}`, { amountMinor: 400n, feeMinor: 50n, ...overrides }),
  paymentId: 'pay',
  ...of,
});
const empty = (amountMinor: bigint) => ({
  operation: 'pay_out',
  customerId: null,
  payOut: { payeeType: 'merchant' },
  amountMinor,
});
const command = (operation: string, account: string) => ({
  operation,
  customerId: account.startsWith('wallet') ? 'cus_ann' : null,
  account: { accountId: `test:${account}`, overdraftMinor: null, dailyAmountMinor: null, dailyCount: null },
});
const refund = (amountMinor: bigint) => ({
  operation: 'refund',
  paymentId: 'pay',
  refund: { rateChoice: null },
  amountMinor,
});
const other = { disputeId: 'dp_2' };

describe('a dispute opened', () => {
  it.each<[string, Partial<AskedOperation>[], string[]]>([
    ['is set aside with its fee', [pay(), dispute('opened')], [`${SHOP} > ${HELD} 450`, 'succeeded (disputed)']],
    [
      'is owed as far as the merchant lacks it',
      [pay(), empty(900n), dispute('opened')],
      [`${SHOP} > ${HELD} 100`, `${OWED} > ${HELD} 350`, 'succeeded (disputed)'],
    ],
    [
      'is owed in whole when nothing is there',
      [pay(), empty(1_000n), dispute('opened')],
      [`${OWED} > ${HELD} 450`, 'succeeded (disputed)'],
    ],
    [
      'beside another one',
      [pay(), dispute('opened'), dispute('opened', other)],
      [`${SHOP} > ${HELD} 450`, 'succeeded (disputed)'],
    ],
    [
      'of what is refunded in part',
      [pay(), refund(600n), dispute('opened')],
      [`${SHOP} > ${HELD} 400`, `${OWED} > ${HELD} 50`, 'succeeded (disputed)'],
    ],
    [
      'of more than is left',
      [pay(), refund(601n), dispute('opened')],
      [`suspense:USD > ${HELD} 450`, 'manual_review (partially_refunded)'],
    ],
    [
      'of more than was captured',
      [pay(), dispute('opened', { amountMinor: 1_001n })],
      [`suspense:USD > ${HELD} 1051`, 'manual_review (succeeded)'],
    ],
    ['of a payment nobody knows', [dispute('opened')], [`suspense:USD > ${HELD} 450`, 'manual_review']],
    [
      'in another currency',
      [pay(), dispute('opened', { currency: 'EUR' })],
      ['suspense:EUR > disputed:EUR 450', 'manual_review (succeeded)'],
    ],
    ['twice', [pay(), dispute('opened'), dispute('opened')], ['manual_review (disputed)']],
    ['of nobody', [{ ...dispute('opened'), customerId: null }], ['unlawful: it names no payer']],
    ['of an amount not said', [pay(), dispute('opened', { amountMinor: null })], ['unlawful: it has no amount']],
  ])('%s', (_case, records, expected) => {
    expect(play(FUNDS, records).last).toEqual(expected);
  });
});

describe('a dispute won', () => {
  const opened = [pay(), dispute('opened')];
  const inDebt = [pay(), empty(900n), dispute('opened')];
  it.each<[string, Partial<AskedOperation>[], string[]]>([
    ['goes back to the merchant', [...opened, dispute('won')], [`${HELD} > ${SHOP} 450`, 'succeeded (succeeded)']],
    [
      'of an amount not said',
      [...opened, dispute('won', { amountMinor: null })],
      [`${HELD} > ${SHOP} 450`, 'succeeded (succeeded)'],
    ],
    [
      'pays the debt that it made',
      [...inDebt, dispute('won')],
      [`${HELD} > ${OWED} 350`, `${HELD} > ${SHOP} 100`, 'succeeded (succeeded)'],
    ],
    [
      'pays no more than is still owed',
      [...inDebt, { operation: 'pay', amountMinor: 500n }, empty(100n), dispute('won')],
      [`${HELD} > ${SHOP} 450`, 'succeeded (succeeded)'],
    ],
    [
      'while another is open',
      [...opened, dispute('opened', other), dispute('won')],
      [`${HELD} > ${SHOP} 450`, 'succeeded (disputed)'],
    ],
    [
      'after another was lost',
      [...opened, dispute('opened', other), dispute('lost', other), dispute('won')],
      [`${HELD} > ${SHOP} 450`, 'succeeded (charged_back)'],
    ],
    [
      'after a refund',
      [pay(), refund(1n), dispute('opened'), dispute('won')],
      [`${HELD} > ${SHOP} 450`, 'succeeded (partially_refunded)'],
    ],
    [
      'onto a frozen payable',
      [...opened, command('freeze', SHOP), dispute('won')],
      [`${HELD} > suspense:USD 450`, 'manual_review (succeeded)'],
    ],
    [
      'of another amount',
      [...opened, dispute('won', { amountMinor: 399n })],
      [`${HELD} > suspense:USD 450`, 'manual_review (succeeded)'],
    ],
    [
      'twice',
      [...opened, dispute('won'), dispute('won')],
      ['provider_clearing/sandbox:USD > suspense:USD 400', 'manual_review (succeeded)'],
    ],
    ['without a merchant', [dispute('opened'), dispute('won')], [`${HELD} > suspense:USD 450`, 'succeeded']],
    ['that nobody opened', [dispute('won', { amountMinor: null })], ['manual_review']],
  ])('%s', (_case, records, expected) => {
    expect(play(FUNDS, records).last).toEqual(expected);
  });
});

describe('a dispute lost', () => {
  const opened = [pay(), dispute('opened')];
  // 10.99 USD for 9.44 EUR; 400 of 1,099 are 343.6.
  const fromEuro = pay({ amountMinor: 1_099n, sourceCurrency: 'EUR', fx: conversion() });
  it.each<[string, Partial<AskedOperation>[], string[]]>([
    [
      'goes to the customer, and its fee to the house',
      [...opened, dispute('lost')],
      [`${HELD} > fee_income:USD 50`, `${HELD} > ${ANN} 400`, 'succeeded (charged_back)'],
    ],
    [
      'while another is open',
      [...opened, dispute('opened', other), dispute('lost')],
      [`${HELD} > fee_income:USD 50`, `${HELD} > ${ANN} 400`, 'succeeded (disputed)'],
    ],
    [
      'converts back at the original rate',
      [fromEuro, dispute('opened'), dispute('lost')],
      [
        `${HELD} > fee_income:USD 50`,
        `${HELD} > fx_position:USD 400`,
        `fx_position:EUR > ${EURO} 343`,
        'succeeded (charged_back)',
      ],
    ],
    [
      // Refunded 600: 515.4; with 400 lost 1,000: 858.96.
      'counts on from what was refunded',
      [fromEuro, refund(600n), dispute('opened', { feeMinor: null }), dispute('lost', { feeMinor: null })],
      [`${HELD} > fx_position:USD 400`, `fx_position:EUR > ${EURO} 343`, 'succeeded (charged_back)'],
    ],
    [
      'to a frozen wallet',
      [...opened, command('freeze', ANN), dispute('lost')],
      [`${HELD} > fee_income:USD 50`, `${HELD} > suspense:USD 400`, 'manual_review (charged_back)'],
    ],
    [
      'of another amount',
      [...opened, dispute('lost', { amountMinor: 401n })],
      [`${HELD} > suspense:USD 450`, 'manual_review (succeeded)'],
    ],
    [
      'without a merchant',
      [dispute('opened'), dispute('lost')],
      [`${HELD} > provider_clearing/sandbox:USD 450`, 'succeeded'],
    ],
    [
      'that nobody opened',
      [pay(), dispute('lost')],
      ['suspense:USD > provider_clearing/sandbox:USD 400', 'manual_review (succeeded)'],
    ],
    [
      'of another merchant',
      [dispute('opened'), dispute('lost', {}, { merchantId: 'mer_x' })],
      ['suspense:USD > provider_clearing/sandbox:USD 400', 'manual_review'],
    ],
    [
      'in another currency',
      [...opened, dispute('lost', { currency: 'EUR' })],
      ['suspense:EUR > provider_clearing/sandbox:EUR 400', 'manual_review (disputed)'],
    ],
    [
      'on another payment',
      [...opened, dispute('lost', {}, { paymentId: 'pay_x' })],
      ['suspense:USD > provider_clearing/sandbox:USD 400', 'manual_review'],
    ],
  ])('%s', (_case, records, expected) => {
    expect(play(FUNDS, records).last).toEqual(expected);
  });

  it('keeps count of open and lost ones', () => {
    const { state } = play(FUNDS, [...opened, dispute('opened', other), dispute('lost')]);
    expect([...state.payments.all()]).toMatchObject([
      { disputedMinor: 800n, lostMinor: 400n, openDisputes: 1, lostDisputes: 1 },
    ]);
    expect([...state.disputes.values()].map(({ status }) => status)).toEqual(['lost', 'open']);
  });

  it('leaves the customer’s own fee out of it', () => {
    const line = fee({
      bearer: 'customer',
      percentBps: 0,
      fixedMinor: 20n,
      amountMinor: 20n,
      baseMinor: 1_000n,
      refundPolicy: 'return_all',
    });
    const { last } = play(FUNDS, [pay({ fees: [line] }), dispute('opened'), dispute('lost')]);
    expect(last).toEqual([`${HELD} > fee_income:USD 50`, `${HELD} > ${ANN} 400`, 'succeeded (charged_back)']);
  });
});
