// Shows what a transfer and a top-up move, and that a transfer is all or nothing.

import { describe, expect, it } from 'vitest';
import type { AskedOperation } from '../inputs.ts';
import { conversion, fee } from '../testing/ask.ts';
import { play } from '../testing/play.ts';

const ANN = 'wallet:cus_ann:USD';
const [BOB, CAT] = ['wallet:cus_bob:USD', 'wallet:cus_cat:USD'];
const SHOP = 'payable:mer_shop:USD';
const FUNDS = { [ANN]: 1_000n };

const legs = (...amounts: bigint[]) =>
  amounts.map((amountMinor, index) => ({ payeeCustomerId: index === 0 ? 'cus_bob' : 'cus_cat', amountMinor }));
const transfer = (overrides: Partial<AskedOperation> = {}): Partial<AskedOperation> => ({
  operation: 'transfer',
  transfer: { legs: legs(100n), platformFeeMinor: null },
  ...overrides,
});
const flat = (amountMinor: bigint, bearer: string) =>
  fee({ percentBps: 0, fixedMinor: amountMinor, amountMinor, baseMinor: 100n, bearer });

describe('a transfer', () => {
  it.each<[string, Partial<AskedOperation>, string[]]>([
    ['to one', {}, [`${ANN} > ${BOB} 100`, 'succeeded']],
    [
      'to several, with every fee there is',
      {
        transfer: { legs: legs(60n, 40n), platformFeeMinor: 7n },
        fees: [flat(3n, 'customer'), flat(2n, 'merchant')],
      },
      [
        `${ANN} > ${BOB} 60`,
        `${ANN} > ${CAT} 40`,
        `${ANN} > ${SHOP} 7`,
        `${ANN} > fee_income:USD 3`,
        `${SHOP} > fee_income:USD 2`,
        'succeeded',
      ],
    ],
    ['a merchant cannot pay its fee for', { fees: [flat(2n, 'merchant')] }, ['failed insufficient_funds']],
    [
      'the payer has not enough for',
      { amountMinor: 1_001n, transfer: { legs: legs(1_001n), platformFeeMinor: null } },
      ['failed insufficient_funds'],
    ],
    ['whose legs are too little', { amountMinor: 101n }, ['unlawful: its legs do not add up to its amount']],
    [
      'with an empty leg',
      { transfer: { legs: legs(100n, 0n), platformFeeMinor: null } },
      ['unlawful: a leg has no amount'],
    ],
    ['to oneself', { customerId: 'cus_bob' }, ['unlawful: it pays the payer']],
    ['without terms', { transfer: null }, ['unlawful: it has no terms of a transfer']],
    ['across currencies', { sourceCurrency: 'EUR', fx: conversion() }, ['unlawful: a transfer is never converted']],
  ])('%s', (_case, overrides, expected) => {
    expect(play(FUNDS, [transfer(overrides)]).last).toEqual(expected);
  });
});

describe('a top-up', () => {
  it.each<[string, Partial<AskedOperation>, string[]]>([
    ['comes from the world', {}, [`world:USD > ${ANN} 100`, 'succeeded']],
    ['carries no fee', { fees: [flat(1n, 'customer')] }, ['unlawful: a top-up carries no fee']],
    ['comes by the sandbox', { method: { type: 'card' } }, ['unlawful: its method is "card"']],
    ['is never converted', { sourceCurrency: 'EUR' }, ['unlawful: a top-up is never converted']],
  ])('%s', (_case, overrides, expected) => {
    expect(play(FUNDS, [{ operation: 'top_up', method: { type: 'sandbox' }, ...overrides }]).last).toEqual(expected);
  });
});
