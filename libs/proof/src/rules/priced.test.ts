// Shows that a price which does not follow from its own terms is found: fees, conversions, and the quote they came from.

import { describe, expect, it } from 'vitest';
import type { AskedOperation } from '../inputs.ts';
import { ask, conversion, fee } from '../testing/ask.ts';
import { findWrongPrices } from './priced.ts';

const wrong = (overrides: Partial<AskedOperation>) =>
  [...findWrongPrices(ask({ amountMinor: 1_099n, ...overrides }))].map(
    ({ field, expected, found }) => `${field}: ${found}, not ${expected}`,
  );
const fromEuro = { sourceCurrency: 'EUR', fx: conversion() };
const quote = { quoteId: 'fxq_1', baseRate: '1.1642', markupBps: 100, quotedAt: 0n, expiresAt: 0n };

describe('a price', () => {
  it.each<[string, Partial<AskedOperation>, string[]]>([
    ['with nothing taken', {}, []],
    ['with a fee', { fees: [fee()] }, []],
    [
      'rounded half to even',
      { amountMinor: 50n, fees: [fee({ percentBps: 100, fixedMinor: 0n, baseMinor: 50n, amountMinor: 0n })] },
      [],
    ],
    ['with a fee of another size', { fees: [fee({ amountMinor: 61n })] }, ['fee standard: 61, not 62']],
    ['of another base', { fees: [fee({ baseMinor: 1_000n })] }, ['base of fee standard: 1000, not 1099']],
    ['below its least', { fees: [fee({ minMinor: 70n })] }, ['fee standard: 62, not 70']],
    ['above its most', { fees: [fee({ maxMinor: 60n })] }, ['fee standard: 62, not 60']],
    [
      'above what is left',
      {
        amountMinor: 50n,
        fees: [fee({ baseMinor: 50n, amountMinor: 31n }), fee({ ruleId: 'second', baseMinor: 50n, amountMinor: 31n })],
      },
      ['fee second: 31, not 19'],
    ],
    [
      'of a tier it is not in',
      { fees: [fee({ tier: 'marginal:2000-3000', baseMinor: 0n })] },
      ['fee standard: 62, not 0'],
    ],
    [
      'of a tier without an upper end',
      { fees: [fee({ tier: 'marginal:1000-', percentBps: 1_000, fixedMinor: 0n, baseMinor: 99n, amountMinor: 10n })] },
      [],
    ],
    ['converted', fromEuro, []],
    ['converted with a fee of the merchant’s', { ...fromEuro, fees: [fee()] }, []],
    [
      'with too small a markup',
      { ...fromEuro, fx: conversion({ markupMinor: 9n, fromAmountMinor: 953n }) },
      ['fx.fromAmountMinor: 953, not 954', 'fx.markupMinor: 9, not 10'],
    ],
    [
      'with rounding that is not there',
      { ...fromEuro, fx: conversion({ roundingMinor: 1n }) },
      ['fx.roundingMinor: 1, not 0'],
    ],
    [
      'that arrives otherwise',
      { ...fromEuro, fx: conversion({ toAmountMinor: 1_100n }) },
      ['fx.toAmountMinor: 1100, not 1099'],
    ],
    ['by a quote', { ...fromEuro, quote, fx: conversion({ quoteId: 'fxq_1' }) }, []],
    [
      'by another quote than it carries',
      { ...fromEuro, quote: { ...quote, baseRate: '1.1641' } },
      ['fx.quoteId: null, not fxq_1', 'fx.baseRate: 1.1642, not 1.1641'],
    ],
    ['of what was refused', { kind: 'refused', fees: [fee({ amountMinor: 61n })] }, []],
    ['of a pay-out', { operation: 'pay_out', fees: [fee({ amountMinor: 61n })] }, ['fee standard: 61, not 62']],
  ])('%s', (_case, overrides, expected) => {
    expect(wrong(overrides)).toEqual(expected);
  });
});
