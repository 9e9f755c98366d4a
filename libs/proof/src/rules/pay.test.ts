// Shows what paying and holding come to, in one currency and across several; figures are computed by hand.

import { describe, expect, it } from 'vitest';
import type { AskedOperation } from '../inputs.ts';
import { conversion, fee } from '../testing/ask.ts';
import { play } from '../testing/play.ts';

const ANN = 'wallet:cus_ann:USD';
const EURO = 'wallet:cus_ann:EUR';
const SHOP = 'payable:mer_shop:USD';
const FUNDS = {
  [ANN]: 100_000n,
  [EURO]: 100_000n,
  'wallet:cus_ann:KWD': 100_000n,
  'wallet:cus_ann:JPY': 100_000n,
};

const flat = (amountMinor: bigint, overrides = {}) =>
  fee({ percentBps: 0, fixedMinor: amountMinor, amountMinor, baseMinor: 100n, ...overrides });

const standard = { amountMinor: 1_099n, fees: [fee()] };
const intoYen = { amountMinor: 700n, currency: 'JPY', sourceCurrency: 'EUR' };
const yen = (overrides = {}) => conversion({ toCurrency: 'JPY', baseRate: '162.37', markupBps: 0, ...overrides });

describe('a payment', () => {
  it.each<[string, Partial<AskedOperation>, string[]]>([
    ['with nothing taken', {}, [`${ANN} > ${SHOP} 100`]],
    ['with a fee', { fees: [flat(33n)] }, [`${ANN} > ${SHOP} 67`, `${ANN} > fee_income:USD 33`]],
    ['all of it a fee', { fees: [flat(100n)] }, [`${ANN} > fee_income:USD 100`]],
    ['a fee of nothing', { fees: [flat(0n)] }, [`${ANN} > ${SHOP} 100`]],
    [
      'a fee the customer bears',
      { fees: [flat(5n, { bearer: 'customer' }), flat(3n)] },
      [`${ANN} > ${SHOP} 97`, `${ANN} > fee_income:USD 5`, `${ANN} > fee_income:USD 3`],
    ],
    [
      // 10.99 / 1.1642 = 9.43996; a per cent of it 0.0943996.
      'in dollars, from euro',
      { ...standard, sourceCurrency: 'EUR', fx: conversion() },
      [
        `${EURO} > fx_position:EUR 944`,
        `${EURO} > fee_income:EUR 10`,
        `fx_position:USD > ${SHOP} 1037`,
        'fx_position:USD > fee_income:USD 62',
      ],
    ],
    [
      // 700 / 162.37 = 4.31114: collected up, the position to the nearest.
      'in yen, from euro',
      { ...intoYen, fx: yen({ markupBps: 50 }) },
      [
        `${EURO} > fx_position:EUR 431`,
        `${EURO} > fx_rounding:EUR 1`,
        `${EURO} > fee_income:EUR 3`,
        'fx_position:JPY > payable:mer_shop:JPY 700',
      ],
    ],
    [
      // 10.00 / 3.2534 = 3.0737075 dinars of 1,000 fils.
      'in dollars, from dinars',
      {
        amountMinor: 1_000n,
        sourceCurrency: 'KWD',
        fx: conversion({ fromCurrency: 'KWD', baseRate: '3.2534', markupBps: 0 }),
      },
      ['wallet:cus_ann:KWD > fx_position:KWD 3074', `fx_position:USD > ${SHOP} 1000`],
    ],
    [
      // 1.234 / 0.30737 = 4.01471.
      'in dinars, from dollars',
      {
        amountMinor: 1_234n,
        currency: 'KWD',
        sourceCurrency: 'USD',
        fx: conversion({ fromCurrency: 'USD', toCurrency: 'KWD', baseRate: '0.30737', markupBps: 0 }),
      },
      [`${ANN} > fx_position:USD 401`, `${ANN} > fx_rounding:USD 1`, 'fx_position:KWD > payable:mer_shop:KWD 1234'],
    ],
    [
      // 1.000 / 0.001893 = 528.262.
      'in dinars, from yen',
      {
        amountMinor: 1_000n,
        currency: 'KWD',
        sourceCurrency: 'JPY',
        fx: conversion({ fromCurrency: 'JPY', toCurrency: 'KWD', baseRate: '0.001893', markupBps: 0 }),
      },
      [
        'wallet:cus_ann:JPY > fx_position:JPY 528',
        'wallet:cus_ann:JPY > fx_rounding:JPY 1',
        'fx_position:KWD > payable:mer_shop:KWD 1000',
      ],
    ],
    [
      // (10.99 + 0.50) / 1.1642 = 9.86944; a per cent 0.0986944.
      'from euro, with a fee the customer bears',
      {
        amountMinor: 1_099n,
        sourceCurrency: 'EUR',
        fx: conversion(),
        fees: [flat(50n, { bearer: 'customer', baseMinor: 1_099n })],
      },
      [
        `${EURO} > fx_position:EUR 987`,
        `${EURO} > fee_income:EUR 10`,
        `fx_position:USD > ${SHOP} 1099`,
        'fx_position:USD > fee_income:USD 50',
      ],
    ],
  ])('%s', (_case, record, lines) => {
    expect(play(FUNDS, [record]).last).toEqual([...lines, 'succeeded (succeeded)']);
  });
});

describe('an authorisation', () => {
  const authorize = { operation: 'authorize', authorize: { expiresAt: null } };
  it.each<[string, Partial<AskedOperation>, string]>([
    ['the amount', {}, `hold ${ANN} 100`],
    ['no more for a fee of the merchant’s', standard, `hold ${ANN} 1099`],
    ['the customer’s fee too', { fees: [flat(7n, { bearer: 'customer' })] }, `hold ${ANN} 107`],
    [
      'what it costs in the wallet’s currency, markup included',
      { ...standard, sourceCurrency: 'EUR', fx: conversion() },
      `hold ${EURO} 954`,
    ],
  ])('holds %s', (_case, record, expected) => {
    expect(play(FUNDS, [{ ...authorize, ...record }]).last).toEqual([expected, 'succeeded (authorized)']);
  });
});
