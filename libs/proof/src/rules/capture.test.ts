// Shows what becomes of a hold: captured in parts that add up, let go, or expired; figures are computed by hand.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AskedOperation } from '../inputs.ts';
import { conversion, fee, NOON, SECOND } from '../testing/ask.ts';
import { play } from '../testing/play.ts';

const ANN = 'wallet:cus_ann:USD';
const EURO = 'wallet:cus_ann:EUR';
const SHOP = 'payable:mer_shop:USD';
const FUNDS = { [ANN]: 100_000n, [EURO]: 100_000n };
const EXPIRES_AT = NOON + 60n * SECOND;

const authorize = (overrides: Partial<AskedOperation> = {}): Partial<AskedOperation> => ({
  operationId: 'auth',
  operation: 'authorize',
  authorize: { expiresAt: EXPIRES_AT },
  amountMinor: 1_099n,
  fees: [fee()],
  ...overrides,
});
const about = { paymentId: 'auth', method: null };
const capture = (amountMinor: bigint, final = false, overrides = {}): Partial<AskedOperation> => ({
  ...about,
  operation: 'capture',
  capture: { final },
  amountMinor,
  ...overrides,
});
const cancel = { ...about, operation: 'cancel', amountMinor: null, currency: null };
const expire = (requestedAt: bigint) => ({ ...cancel, operation: 'expire', requestedAt });
const refund = { ...about, operation: 'refund', refund: { rateChoice: null }, amountMinor: 1n };

describe('parts of a hold', () => {
  it('take their fees by the cumulative sum', () => {
    expect(play(FUNDS, [authorize(), capture(300n), capture(799n)]).told.slice(1)).toEqual([
      [`${ANN} > ${SHOP} 261`, `${ANN} > fee_income:USD 39`, `hold ${ANN} -300`, 'succeeded (partially_captured)'],
      [`${ANN} > ${SHOP} 776`, `${ANN} > fee_income:USD 23`, `hold ${ANN} -799`, 'succeeded (succeeded)'],
    ]);
  });

  it('let the rest go when the last is final', () => {
    expect(play(FUNDS, [authorize(), capture(300n, true)]).last).toEqual([
      `${ANN} > ${SHOP} 261`,
      `${ANN} > fee_income:USD 39`,
      `hold ${ANN} -1099`,
      'succeeded (succeeded)',
    ]);
  });

  it('take a customer’s smallest fee once', () => {
    const line = fee({ bearer: 'customer', percentBps: 100, fixedMinor: 0n, minMinor: 20n, amountMinor: 20n });
    const records = [authorize({ amountMinor: 1_000n, fees: [line] }), capture(400n), capture(600n)];
    expect(play(FUNDS, records).told).toEqual([
      [`hold ${ANN} 1020`, 'succeeded (authorized)'],
      [`${ANN} > ${SHOP} 400`, `${ANN} > fee_income:USD 20`, `hold ${ANN} -420`, 'succeeded (partially_captured)'],
      [`${ANN} > ${SHOP} 600`, `hold ${ANN} -600`, 'succeeded (succeeded)'],
    ]);
  });

  it('take marginal tiers of the part that is in them', () => {
    const low = fee({ tier: 'marginal:0-999', percentBps: 300, fixedMinor: 0n, baseMinor: 1_000n, amountMinor: 30n });
    const high = fee({ tier: 'marginal:1000-9999', percentBps: 100, fixedMinor: 0n, baseMinor: 500n, amountMinor: 5n });
    const records = [
      authorize({ amountMinor: 1_500n, fees: [low, high] }),
      capture(900n),
      capture(300n),
      capture(300n),
    ];
    expect(play(FUNDS, records).told.slice(1)).toEqual([
      [`${ANN} > ${SHOP} 873`, `${ANN} > fee_income:USD 27`, `hold ${ANN} -900`, 'succeeded (partially_captured)'],
      [
        `${ANN} > ${SHOP} 295`,
        `${ANN} > fee_income:USD 3`,
        `${ANN} > fee_income:USD 2`,
        `hold ${ANN} -300`,
        'succeeded (partially_captured)',
      ],
      [`${ANN} > ${SHOP} 297`, `${ANN} > fee_income:USD 3`, `hold ${ANN} -300`, 'succeeded (succeeded)'],
    ]);
  });

  it('take back what rounding took before, when the sum needs it no more', () => {
    // 700 yen cost 431.11 cents, 1,000 cost 615.88.
    const fx = conversion({ toCurrency: 'JPY', baseRate: '162.37', markupBps: 0 });
    const inYen = { currency: 'JPY', sourceCurrency: 'EUR', fx, fees: [], amountMinor: 1_000n };
    const part = (amountMinor: bigint) => capture(amountMinor, false, { currency: 'JPY' });
    expect(play(FUNDS, [authorize(inYen), part(700n), part(300n)]).told).toEqual([
      [`hold ${EURO} 616`, 'succeeded (authorized)'],
      [
        `${EURO} > fx_position:EUR 431`,
        `${EURO} > fx_rounding:EUR 1`,
        'fx_position:JPY > payable:mer_shop:JPY 700',
        `hold ${EURO} -432`,
        'succeeded (partially_captured)',
      ],
      [
        `${EURO} > fx_position:EUR 184`,
        'fx_rounding:EUR > fx_position:EUR 1',
        'fx_position:JPY > payable:mer_shop:JPY 300',
        `hold ${EURO} -184`,
        'succeeded (succeeded)',
      ],
    ]);
  });

  it('add up to the whole, whatever they are, and leave nothing held', () => {
    const parts = fc.array(fc.bigInt({ min: 1n, max: 400n }), { minLength: 1, maxLength: 8 });
    const line = fc.record({
      bearer: fc.constantFrom('merchant', 'customer'),
      percentBps: fc.integer({ min: 0, max: 900 }),
      fixedMinor: fc.bigInt({ min: 0n, max: 40n }),
    });
    const rate = fc.constantFrom(null, '1.1642', '0.00731', '162.37');
    fc.assert(
      fc.property(parts, line, rate, (amounts, terms, baseRate) => {
        const whole = amounts.reduce((sum, amount) => sum + amount, 0n);
        const plain = fee({ ...terms, amountMinor: 0n });
        const byRule = play(FUNDS, [authorize({ amountMinor: whole, fees: [plain] })]); // only to show that it is lawful
        expect(byRule.last).toContain('succeeded (authorized)');
        const wanted = halfEven(whole * BigInt(terms.percentBps), 10_000n) + terms.fixedMinor;
        const fees = [{ ...plain, amountMinor: wanted < whole ? wanted : whole }];
        const fx = baseRate === null ? {} : { sourceCurrency: 'EUR', fx: conversion({ baseRate }) };
        const funds = { [ANN]: 10n ** 12n, [EURO]: 10n ** 12n };
        const first = authorize({ amountMinor: whole, fees, ...fx });
        const inParts = play(funds, [first, ...amounts.map((amount) => capture(amount))]);
        const atOnce = play(funds, [{ ...first, operation: 'pay', authorize: null }]);
        for (const account of [
          ANN,
          EURO,
          SHOP,
          'fee_income:USD:p4',
          'fee_income:EUR:p4',
          'fx_position:EUR:p4',
          'fx_position:USD:p4',
          'fx_rounding:EUR:p4',
        ]) {
          const { postedMinor, heldMinor } = inParts.state.balances.of(`test:${account}`);
          expect([account, postedMinor, heldMinor]).toEqual([
            account,
            atOnce.state.balances.of(`test:${account}`).postedMinor,
            0n,
          ]);
        }
      }),
      { numRuns: 300 },
    );
  });
});

function halfEven(numerator: bigint, denominator: bigint): bigint {
  const doubled = (numerator % denominator) * 2n;
  const whole = numerator / denominator;
  return doubled > denominator || (doubled === denominator && whole % 2n === 1n) ? whole + 1n : whole;
}

describe('a hold let go', () => {
  it.each<[string, Partial<AskedOperation>[], string[]]>([
    ['when cancelled', [cancel], [`hold ${ANN} -1099`, 'succeeded (canceled)']],
    ['when a part was captured', [capture(300n), cancel], [`hold ${ANN} -799`, 'succeeded (succeeded)']],
    ['at the moment it expires', [expire(EXPIRES_AT)], [`hold ${ANN} -1099`, 'succeeded (expired)']],
    [
      'when a part was captured and the rest expires',
      [capture(300n), expire(EXPIRES_AT)],
      [`hold ${ANN} -799`, 'succeeded (succeeded)'],
    ],
    ['but not before it is due', [expire(EXPIRES_AT - 1n)], ['failed payment_not_capturable (authorized)']],
  ])('%s', (_case, records, expected) => {
    expect(play(FUNDS, [authorize(), ...records]).last).toEqual(expected);
  });
});

describe('a hold that may not be captured', () => {
  it.each<[string, Partial<AskedOperation>[], string]>([
    ['too much', [capture(1_100n)], 'failed exceeds_authorized_amount (authorized)'],
    [
      'too much with what was captured before',
      [capture(1_000n), capture(100n)],
      'failed exceeds_authorized_amount (partially_captured)',
    ],
    ['captured', [capture(1_099n), capture(1n)], 'failed already_captured (succeeded)'],
    [
      'captured and refunded in part',
      [capture(1_099n), refund, capture(1n)],
      'failed already_captured (partially_refunded)',
    ],
    ['finally captured', [capture(1n, true), cancel], 'failed already_captured (succeeded)'],
    ['cancelled', [cancel, capture(1n)], 'failed already_voided (canceled)'],
    ['cancelled twice', [cancel, cancel], 'failed already_voided (canceled)'],
    ['expired', [expire(EXPIRES_AT), capture(1n)], 'failed hold_expired (expired)'],
    ['of another merchant', [capture(1n, false, { merchantId: 'mer_other' })], 'failed payment_not_capturable'],
    ['of another customer', [capture(1n, false, { customerId: 'cus_bob' })], 'failed payment_not_capturable'],
    ['in the other environment', [{ ...cancel, environment: 'live' }], 'failed payment_not_capturable'],
    ['unknown', [capture(1n, false, { paymentId: 'auth_x' })], 'failed payment_not_capturable'],
  ])('%s', (_case, records, expected) => {
    expect(play(FUNDS, [authorize(), ...records]).last).toEqual([expected]);
  });
});
