// Shows what becomes of records that are refused, and which ones must never be settled.

import { describe, expect, it } from 'vitest';
import type { AskedOperation } from './inputs.ts';
import { conversion, fact, fee } from './testing/ask.ts';
import { play } from './testing/play.ts';

const FUNDS = { 'wallet:cus_ann:USD': 1_000n };
const last = (overrides: Partial<AskedOperation>) => play(FUNDS, [overrides]).last;

describe('what a processor refused', () => {
  const refused = { kind: 'refused', failure: { code: 'currency_not_supported' }, amountMinor: null, currency: null };
  it('fails with the processor’s code, whatever the wallet holds', () => {
    expect(last(refused)).toEqual(['failed currency_not_supported']);
  });

  it('leaves the payment it is about as it was', () => {
    const refund = { ...refused, operation: 'refund', paymentId: 'pay_1' };
    expect(play(FUNDS, [{}, refund]).last).toEqual(['failed currency_not_supported (succeeded)']);
  });

  it('must have a reason', () => {
    expect(last({ kind: 'refused' })).toEqual(['unlawful: it was refused without a reason']);
  });
});

describe('what must never be settled', () => {
  it.each<[string, Partial<AskedOperation>]>([
    ['it has no amount', { amountMinor: null }],
    ['its amount is 0', { amountMinor: 0n }],
    ['its amount is -5', { amountMinor: -5n }],
    ['its currency "XXY" is not known', { currency: 'XXY' }],
    ['it names no customer', { customerId: null }],
    ['operation "gift" is not known', { operation: 'gift' }],
    ['its kind "guess" is not known', { kind: 'guess' }],
    ['it asks for rules version 2', { rulesVersion: 2 }],
    ['pass 2 is not expected of a pay that is priced', { pass: 2 }],
    ['pass 1 is not expected of a pay that is outcome', { kind: 'outcome' }],
    ['"pay" is not a fact', { kind: 'fact' }],
    ['its fact "late_success" is not known', fact('late_success')],
    ['it names no dispute', fact('dispute_won', { disputeId: null })],
    ['its fees exceed its amount', { fees: [fee({ amountMinor: 101n })] }],
    ['a fee is -1', { fees: [fee({ amountMinor: -1n })] }],
    ['a fee is in EUR, the payment in USD', { fees: [fee({ currency: 'EUR' })] }],
    ['a fee is borne by "house"', { fees: [fee({ bearer: 'house' })] }],
    ['its method is "card"', { method: { type: 'card' } }],
    ['it is not the first operation of its payment', { paymentId: 'pay_2' }],
    ['it is paid in EUR without a conversion', { sourceCurrency: 'EUR' }],
    ['it converts what is in its own currency', { fx: conversion() }],
    ['it converts from EUR, the wallet is in GBP', { sourceCurrency: 'GBP', fx: conversion() }],
    ['it converts to JPY, the payment is in USD', { sourceCurrency: 'EUR', fx: conversion({ toCurrency: 'JPY' }) }],
    ['"0.0" is no rate', { sourceCurrency: 'EUR', fx: conversion({ baseRate: '0.0' }) }],
    ['its markup is -1', { sourceCurrency: 'EUR', fx: conversion({ markupBps: -1 }) }],
    ['it is routed to a provider', { route: {} }],
    ['it has no terms of a hold', { operation: 'authorize' }],
    ['it has no terms of a capture', { operation: 'capture' }],
    ['it has no terms of a refund', { operation: 'refund' }],
    ['it names no account', { operation: 'freeze' }],
    ['it has no terms of a correction', { operation: 'correct' }],
  ])('%s', (why, overrides) => {
    expect(last(overrides)).toEqual([`unlawful: ${why}`]);
  });
});
