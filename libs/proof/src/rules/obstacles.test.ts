// Shows what stands in the way of a decision, and in which order: accounts, limits of the day, velocity rules.

import { describe, expect, it } from 'vitest';
import type { AskedOperation, VelocityRule } from '../inputs.ts';
import { DAY, fact, fee, NOON, SECOND } from '../testing/ask.ts';
import { play } from '../testing/play.ts';

const ANN = 'wallet:cus_ann:USD';
const SHOP = 'payable:mer_shop:USD';
const MINOR_MAX = 2n ** 62n;
const SHOP_ONLY = { customerId: null };

type Limits = Partial<NonNullable<AskedOperation['account']>>;
const command = (operation: string, account = ANN, limits: Limits = {}): Partial<AskedOperation> => ({
  operation,
  account: {
    accountId: `test:${account}`,
    overdraftMinor: null,
    dailyAmountMinor: null,
    dailyCount: null,
    ...limits,
  },
});
const topUp = { operation: 'top_up', method: { type: 'sandbox' } };
const authorize = { operationId: 'auth', operation: 'authorize', authorize: { expiresAt: NOON } };
const capture = { operation: 'capture', paymentId: 'auth', capture: { final: true } };
/** Above 100 the merchant's fee takes what the customer's could have: the whole costs 152, a hundred of it 200. */
const DEARER_IN_PART = [
  fee({ percentBps: 0, fixedMinor: 50n, tier: 'marginal:100-', amountMinor: 50n }),
  fee({ percentBps: 0, fixedMinor: 100n, bearer: 'customer', amountMinor: 51n }),
];
const release = (operation: string) => ({ operation, paymentId: 'auth', amountMinor: null, currency: null });

describe('an account', () => {
  it.each<[string, Record<string, bigint>, Partial<AskedOperation>[], string]>([
    ['gives all it has', { [ANN]: 100n }, [{}], 'succeeded (succeeded)'],
    ['gives no more', { [ANN]: 99n }, [{}], 'failed insufficient_funds'],
    ['gives nothing that is held', { [ANN]: 199n }, [authorize, {}], 'failed insufficient_funds'],
    [
      'gives up to its overdraft',
      { [ANN]: 40n },
      [command('limit', ANN, { overdraftMinor: 60n }), {}],
      'succeeded (succeeded)',
    ],
    [
      'gives no more than its overdraft',
      { [ANN]: 39n },
      [command('limit', ANN, { overdraftMinor: 60n }), {}],
      'failed insufficient_funds',
    ],
    ['gives nothing when frozen', { [ANN]: 100n }, [command('freeze'), {}], 'failed account_frozen'],
    ['is frozen before it is empty', {}, [command('freeze'), {}], 'failed account_frozen'],
    ['takes when frozen', {}, [command('freeze'), topUp], 'succeeded'],
    ['takes nothing when closed', {}, [command('close'), topUp], 'failed account_closed_or_invalid'],
    [
      'gives what is held when frozen',
      { [ANN]: 100n },
      [authorize, command('freeze'), capture],
      'succeeded (succeeded)',
    ],
    ['lets go when frozen', { [ANN]: 100n }, [authorize, command('freeze'), release('cancel')], 'succeeded (canceled)'],
    [
      'lets expire when frozen',
      { [ANN]: 100n },
      [authorize, command('freeze'), release('expire')],
      'succeeded (expired)',
    ],
    [
      'that is closed takes no payment',
      { [ANN]: 100n },
      [{ ...command('close', SHOP), ...SHOP_ONLY }, {}],
      'failed account_closed_or_invalid',
    ],
    [
      'that pays is asked before one that receives',
      {},
      [{ ...command('close', SHOP), ...SHOP_ONLY }, {}],
      'failed insufficient_funds',
    ],
    ['holds as much as it can', { [ANN]: MINOR_MAX - 100n }, [topUp], 'succeeded'],
    ['holds no more', { [ANN]: MINOR_MAX - 99n }, [topUp], 'failed ledger_rejected'],
    [
      'gives for a part no more than was held for the whole',
      { [ANN]: 152n },
      [
        { ...authorize, amountMinor: 101n, fees: DEARER_IN_PART },
        { ...capture, amountMinor: 100n, capture: { final: false } },
      ],
      'failed ledger_rejected (authorized)',
    ],
  ])('%s', (_case, funds, records, expected) => {
    expect(play(funds, records).last.at(-1)).toBe(expected);
  });

  it('that a fact would take out of its range makes it a case for review, without postings', () => {
    const opened = { ...fact('dispute_opened', { amountMinor: 2n }), paymentId: 'pay_x' };
    expect(play({ 'suspense:USD:p4': 1n - MINOR_MAX }, [opened]).last).toEqual(['manual_review']);
  });
});

describe('limits of the day', () => {
  const limit = (limits: Limits) => command('limit', ANN, limits);
  const at = (requestedAt: bigint, amountMinor = 100n) => ({ requestedAt, amountMinor });
  const midnight = (NOON / DAY + 1n) * DAY;
  it.each<[string, Partial<AskedOperation>[], string[]]>([
    ['let the bound pass', [limit({ dailyAmountMinor: 200n }), {}, {}], ['succeeded (succeeded)']],
    [
      'refuse what is above it',
      [limit({ dailyAmountMinor: 199n }), {}, {}],
      ['account.daily_amount: 200 of 199', 'failed velocity_limit_exceeded'],
    ],
    ['count', [limit({ dailyCount: 1n }), {}, {}], ['account.daily_count: 2 of 1', 'failed velocity_limit_exceeded']],
    [
      'ask for the amount first',
      [limit({ dailyAmountMinor: 50n, dailyCount: 0n }), {}],
      ['account.daily_amount: 100 of 50', 'failed velocity_limit_exceeded'],
    ],
    [
      'count what was before the limit',
      [{}, limit({ dailyCount: 1n }), {}],
      ['account.daily_count: 2 of 1', 'failed velocity_limit_exceeded'],
    ],
    [
      'count holds',
      [authorize, limit({ dailyCount: 1n }), {}],
      ['account.daily_count: 2 of 1', 'failed velocity_limit_exceeded'],
    ],
    ['count no capture', [limit({ dailyCount: 1n }), authorize, capture], ['succeeded (succeeded)']],
    ['count nothing that failed', [limit({ dailyCount: 1n }), { amountMinor: 2_000n }, {}], ['succeeded (succeeded)']],
    ['end with the day', [limit({ dailyCount: 1n }), at(midnight - 1n), at(midnight)], ['succeeded (succeeded)']],
    [
      'count an earlier day to the one that stands',
      [limit({ dailyCount: 1n }), at(midnight), at(midnight - 1n)],
      ['account.daily_count: 2 of 1', 'failed velocity_limit_exceeded'],
    ],
  ])('%s', (_case, records, expected) => {
    const { last } = play({ [ANN]: 1_000n }, records);
    expect(last.slice(-expected.length)).toEqual(expected);
    expect(last.filter((line) => line.startsWith('account.'))).toHaveLength(expected.length - 1);
  });

  it('bind a merchant’s pay-outs too', () => {
    const payOut = { operation: 'pay_out', payOut: { payeeType: 'merchant' }, ...SHOP_ONLY };
    const records = [{ ...command('limit', SHOP, { dailyAmountMinor: 99n }), ...SHOP_ONLY }, payOut];
    expect(play({ [SHOP]: 1_000n }, records).last).toEqual([
      'account.daily_amount: 100 of 99',
      'failed velocity_limit_exceeded',
    ]);
  });
});

describe('velocity rules', () => {
  const rule = (overrides: Partial<VelocityRule>): VelocityRule => ({
    ruleId: 'v',
    ruleVersion: 1n,
    amountMinor: null,
    currency: null,
    count: null,
    windowSeconds: 60n,
    ...overrides,
  });
  const paid = (rules: Partial<VelocityRule>[], overrides: Partial<AskedOperation> = {}): Partial<AskedOperation> => ({
    velocity: rules.map(rule),
    ...overrides,
  });
  const after = (seconds: bigint) => ({ requestedAt: NOON + seconds * SECOND });
  const sum = (amountMinor: bigint) => ({ amountMinor, currency: 'USD' });
  const refused = (why: string) => [why, 'failed velocity_limit_exceeded'];
  const passed = ['succeeded (succeeded)'];
  const toBob = {
    operation: 'transfer',
    transfer: { legs: [{ payeeCustomerId: 'cus_bob', amountMinor: 100n }], platformFeeMinor: null },
  };

  it.each<[string, Partial<AskedOperation>[], string[]]>([
    ['let the count pass', [paid([{ count: 2n }]), paid([{ count: 2n }])], passed],
    ['refuse one more', [paid([{ count: 1n }]), paid([{ count: 1n }])], refused('v: 2 of 1')],
    ['let the sum pass', [paid([sum(200n)]), paid([sum(200n)])], passed],
    ['refuse a unit more', [paid([sum(199n)]), paid([sum(199n)])], refused('v: 200 of 199')],
    ['ask for the count first', [paid([{ count: 0n, ...sum(1n) }])], refused('v: 1 of 0')],
    [
      'are asked in order',
      [paid([{ ruleId: 'a', count: 9n }, { ruleId: 'b', ...sum(99n) }, { count: 0n }])],
      refused('b: 100 of 99'),
    ],
    ['look back less than their window', [paid([{ count: 1n }]), paid([{ count: 1n }], after(60n))], passed],
    [
      'look back to its first moment',
      [paid([{ count: 1n }], after(1n)), paid([{ count: 1n }], after(60n))],
      refused('v: 2 of 1'),
    ],
    ['see nothing later', [paid([{ count: 1n }], after(1n)), paid([{ count: 1n }])], passed],
    ['count only what carried rules', [{}, paid([{ count: 1n }])], passed],
    ['count nothing that failed', [paid([{ count: 1n }], { amountMinor: 2_000n }), paid([{ count: 1n }])], passed],
    [
      'count holds and transfers',
      [paid([{ count: 2n }], authorize), paid([{ count: 2n }], toBob), paid([{ count: 2n }])],
      refused('v: 3 of 2'),
    ],
    ['know one merchant only', [paid([{ count: 1n }], { merchantId: 'mer_x' }), paid([{ count: 1n }])], passed],
    ['in another currency are not asked', [paid([{ count: 0n, amountMinor: 1n, currency: 'EUR' }])], passed],
    [
      'count payments in any currency',
      [paid([{ count: 1n }], { currency: 'EUR' }), paid([{ count: 1n }])],
      refused('v: 2 of 1'),
    ],
    ['add up their own currency', [paid([{ count: 9n }], { currency: 'EUR' }), paid([sum(100n)])], passed],
    [
      'come after limits of the day',
      [command('limit', ANN, { dailyCount: 0n }), paid([{ count: 0n }])],
      refused('account.daily_count: 1 of 0'),
    ],
    [
      'look back 30 days at most',
      [paid([{ windowSeconds: 2_592_001n }])],
      ['unlawful: a rule looks back longer than 2592000 s'],
    ],
  ])('%s', (_case, records, expected) => {
    const { last } = play({ [ANN]: 1_000n, 'wallet:cus_ann:EUR': 1_000n }, records);
    expect(last.slice(-expected.length)).toEqual(expected);
  });
});
