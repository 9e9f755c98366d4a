// Shows what a refund gives back: fees by their policies, conversions at the original or the current rate, in parts that add up.

import { describe, expect, it } from 'vitest';
import type { AskedOperation } from '../inputs.ts';
import { conversion, fact, fee } from '../testing/ask.ts';
import { play } from '../testing/play.ts';

const ANN = 'wallet:cus_ann:USD';
const EURO = 'wallet:cus_ann:EUR';
const SHOP = 'payable:mer_shop:USD';
const FUNDS = { [ANN]: 100_000n, [EURO]: 100_000n, [SHOP]: 100n };

const pay = (overrides: Partial<AskedOperation> = {}): Partial<AskedOperation> => ({
  operationId: 'pay',
  amountMinor: 1_099n,
  ...overrides,
});
const refund = (amountMinor: bigint, overrides: Partial<AskedOperation> = {}): Partial<AskedOperation> => ({
  operation: 'refund',
  paymentId: 'pay',
  method: null,
  refund: { rateChoice: null },
  amountMinor,
  ...overrides,
});
const disputed = (type: string) => ({ ...fact(type), paymentId: 'pay' });

describe('a refund', () => {
  it.each<[string, Partial<AskedOperation>, bigint[], string[][]]>([
    [
      'keeps a fee that is kept',
      { fees: [fee()] },
      [500n, 599n],
      [
        [`${SHOP} > ${ANN} 500`, 'succeeded (partially_refunded)'],
        [`${SHOP} > ${ANN} 599`, 'succeeded (refunded)'],
      ],
    ],
    [
      // 62 · 500 / 1,099 = 28.2.
      'gives a fee back in proportion',
      { fees: [fee({ refundPolicy: 'return_proportional' })] },
      [500n, 599n],
      [
        [`${SHOP} > ${ANN} 500`, `fee_income:USD > ${SHOP} 28`, 'succeeded (partially_refunded)'],
        [`${SHOP} > ${ANN} 599`, `fee_income:USD > ${SHOP} 34`, 'succeeded (refunded)'],
      ],
    ],
    [
      'gives all of a fee back with the first unit',
      { fees: [fee({ refundPolicy: 'return_all' })] },
      [1n, 1_098n],
      [
        [`${SHOP} > ${ANN} 1`, `fee_income:USD > ${SHOP} 62`, 'succeeded (partially_refunded)'],
        [`${SHOP} > ${ANN} 1098`, 'succeeded (refunded)'],
      ],
    ],
    [
      // 62 · 250 / 1,099 = 14.1.
      'gives the customer’s fee to the customer',
      { fees: [fee({ refundPolicy: 'return_proportional', bearer: 'customer' })] },
      [250n],
      [[`${SHOP} > ${ANN} 250`, `fee_income:USD > ${ANN} 14`, 'succeeded (partially_refunded)']],
    ],
    [
      // 944 · 500 / 1,099 = 429.5, rounded down; the markup stays.
      'converts back at the original rate',
      { fees: [fee()], sourceCurrency: 'EUR', fx: conversion() },
      [500n, 599n],
      [
        [`${SHOP} > fx_position:USD 500`, `fx_position:EUR > ${EURO} 429`, 'succeeded (partially_refunded)'],
        [`${SHOP} > fx_position:USD 599`, `fx_position:EUR > ${EURO} 515`, 'succeeded (refunded)'],
      ],
    ],
    [
      // Toward 1,161: collected 998 (997.25), position 997. Q = 500 + 28: 453.9 and 453.4.
      'converts the customer’s fee back too',
      {
        fees: [fee({ refundPolicy: 'return_proportional', bearer: 'customer' })],
        sourceCurrency: 'EUR',
        fx: conversion(),
      },
      [500n, 599n],
      [
        [
          `${SHOP} > fx_position:USD 500`,
          'fee_income:USD > fx_position:USD 28',
          `fx_position:EUR > ${EURO} 453`,
          'succeeded (partially_refunded)',
        ],
        [
          `${SHOP} > fx_position:USD 599`,
          'fee_income:USD > fx_position:USD 34',
          `fx_position:EUR > ${EURO} 544`,
          `fx_rounding:EUR > ${EURO} 1`,
          'succeeded (refunded)',
        ],
      ],
    ],
  ])('%s', (_case, overrides, amounts, expected) => {
    expect(play(FUNDS, [pay(overrides), ...amounts.map((amount) => refund(amount))]).told.slice(1)).toEqual(expected);
  });

  it('gives rounding back, and takes it again when the sum does not need it', () => {
    // 700 yen: collected 432, position 431. Half of it 216 and 215.5; one more 216.6 and 216.1.
    const fx = conversion({ toCurrency: 'JPY', baseRate: '162.37', markupBps: 0 });
    const inYen = { amountMinor: 700n, currency: 'JPY', sourceCurrency: 'EUR', fx };
    const yen = { currency: 'JPY' };
    const records = [pay(inYen), refund(350n, yen), refund(1n, yen), refund(349n, yen)];
    expect(play(FUNDS, records).told.slice(1)).toEqual([
      [
        'payable:mer_shop:JPY > fx_position:JPY 350',
        `fx_position:EUR > ${EURO} 215`,
        `fx_rounding:EUR > ${EURO} 1`,
        'succeeded (partially_refunded)',
      ],
      [
        'payable:mer_shop:JPY > fx_position:JPY 1',
        'fx_position:EUR > fx_rounding:EUR 1',
        'succeeded (partially_refunded)',
      ],
      [
        'payable:mer_shop:JPY > fx_position:JPY 349',
        `fx_position:EUR > ${EURO} 215`,
        `fx_rounding:EUR > ${EURO} 1`,
        'succeeded (refunded)',
      ],
    ]);
  });
});

describe('a refund at the current rate', () => {
  const current = { rateChoice: 'current' };
  const back = conversion({ fromCurrency: 'USD', toCurrency: 'EUR', baseRate: '0.8571', roundingCurrency: 'EUR' });
  const inEuro = { sourceCurrency: 'EUR', fx: conversion() };
  it('rounds down, and leaves the rest by name', () => {
    // 500 · 0.8571 = 428.55.
    expect(play(FUNDS, [pay(inEuro), refund(500n, { refund: current, fx: back })]).last).toEqual([
      `${SHOP} > fx_position:USD 500`,
      `fx_position:EUR > ${EURO} 428`,
      'fx_position:EUR > fx_rounding:EUR 1',
      'succeeded (partially_refunded)',
    ]);
  });

  it.each([
    ['without a conversion back', null],
    ['with one from elsewhere', conversion({ fromCurrency: 'GBP', toCurrency: 'EUR' })],
    ['with one to elsewhere', conversion({ fromCurrency: 'USD', toCurrency: 'GBP' })],
  ])('is declined %s', (_case, fx) => {
    const { last } = play(FUNDS, [pay(inEuro), refund(500n, { refund: current, fx })]);
    expect(last).toEqual(['failed ledger_rejected (succeeded)']);
  });

  it('means nothing where nothing was converted', () => {
    expect(play(FUNDS, [pay(), refund(500n, { refund: current })]).last).toEqual([
      `${SHOP} > ${ANN} 500`,
      'succeeded (partially_refunded)',
    ]);
  });
});

describe('a refund that may not be', () => {
  const opened = disputed('dispute_opened');
  it.each<[string, Partial<AskedOperation>[], string]>([
    ['more than was captured', [refund(1_100n)], 'failed refund_exceeds_captured (succeeded)'],
    ['more than is left', [refund(1_000n), refund(100n)], 'failed refund_exceeds_captured (partially_refunded)'],
    ['of what is refunded', [refund(1_099n), refund(1n)], 'failed refund_exceeds_captured (refunded)'],
    ['of another merchant’s payment', [refund(1n, { merchantId: 'mer_x' })], 'failed refund_exceeds_captured'],
    ['under dispute', [opened, refund(1n)], 'failed payment_disputed (disputed)'],
    ['charged back', [opened, disputed('dispute_lost'), refund(1n)], 'failed payment_disputed (charged_back)'],
    ['after a dispute won', [opened, disputed('dispute_won'), refund(1_099n)], 'succeeded (refunded)'],
  ])('%s', (_case, records, expected) => {
    expect(play(FUNDS, [pay(), ...records]).last.at(-1)).toBe(expected);
  });

  it('the merchant has no money for', () => {
    const payOut = { operation: 'pay_out', customerId: null, payOut: { payeeType: 'merchant' }, amountMinor: 1_150n };
    const { last } = play(FUNDS, [pay(), payOut, refund(100n)]);
    expect(last).toEqual(['failed insufficient_funds (succeeded)']);
  });
});
