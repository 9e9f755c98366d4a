// Shows what commands upon accounts and corrections do.

import { describe, expect, it } from 'vitest';
import type { AskedOperation } from '../inputs.ts';
import { play } from '../testing/play.ts';

const ANN = 'wallet:cus_ann:USD';
const SHOP = 'payable:mer_shop:USD';

interface Limits {
  overdraftMinor?: bigint;
  dailyAmountMinor?: bigint;
  dailyCount?: bigint;
}

const command = (operation: string, limits: Limits = {}, accountId = `test:${ANN}`): Partial<AskedOperation> => ({
  operation,
  method: null,
  amountMinor: null,
  currency: null,
  account: { accountId, overdraftMinor: null, dailyAmountMinor: null, dailyCount: null, ...limits },
});
const authorize = { operation: 'authorize', authorize: { expiresAt: null } };

describe('a command upon an account', () => {
  it.each<[string, bigint, Partial<AskedOperation>[], string, object]>([
    ['freezes', 0n, [command('freeze')], 'succeeded', { status: 'frozen', version: 1n }],
    ['unfreezes', 0n, [command('freeze'), command('unfreeze')], 'succeeded', { status: 'open', version: 2n }],
    ['closes', 0n, [command('close')], 'succeeded', { status: 'closed', version: 1n }],
    ['closes what is frozen', 0n, [command('freeze'), command('close')], 'succeeded', { status: 'closed' }],
    [
      'does not close what holds money',
      1n,
      [command('close')],
      'failed ledger_rejected',
      { status: 'open', version: 1n },
    ],
    [
      'does nothing to what is closed',
      0n,
      [command('close'), command('limit')],
      'failed account_closed_or_invalid',
      { version: 1n },
    ],
    [
      'does not unfreeze what is closed',
      0n,
      [command('close'), command('unfreeze')],
      'failed account_closed_or_invalid',
      { status: 'closed' },
    ],
    [
      'limits',
      0n,
      [command('limit', { overdraftMinor: 500n, dailyAmountMinor: 20n, dailyCount: 3n })],
      'succeeded',
      { overdraftMinor: 500n, dailyAmountMinor: 20n, dailyCount: 3n },
    ],
    [
      'lifts limits that it does not name',
      0n,
      [command('limit', { overdraftMinor: 500n, dailyCount: 3n }), command('limit')],
      'succeeded',
      { overdraftMinor: 0n, dailyCount: null },
    ],
    [
      'leaves an overdraft that is in use',
      0n,
      [command('limit', { overdraftMinor: 500n }), {}, command('limit', { overdraftMinor: 99n })],
      'failed insufficient_funds',
      { overdraftMinor: 500n, postedMinor: -100n },
    ],
    [
      'counts what is held as in use',
      50n,
      [command('limit', { overdraftMinor: 50n }), authorize, command('limit', { overdraftMinor: 49n })],
      'failed insufficient_funds',
      { heldMinor: 100n },
    ],
  ])('%s', (_case, funds, records, expected, account) => {
    const { last, state } = play(funds === 0n ? {} : { [ANN]: funds }, records);
    expect(last).toEqual([expected]);
    expect(state.balances.of(`test:${ANN}`)).toMatchObject(account);
  });

  it.each([
    'test:wallet:cus_bob:USD',
    `live:${ANN}`,
    'test:receivable:mer_shop:USD',
    'test:wallet:cus_ann:XXY',
    'test:fee_income:USD:p4',
  ])('is unlawful upon %s', (accountId) => {
    expect(play({}, [command('freeze', {}, accountId)]).last).toEqual([
      `unlawful: "${accountId}" is not its owner's account`,
    ]);
  });
});

describe('a correction', () => {
  const line = (overrides = {}) => ({
    debitAccountId: `test:${SHOP}`,
    creditAccountId: `test:${ANN}`,
    currency: 'USD',
    amountMinor: 40n,
    ...overrides,
  });
  const correct = (overrides = {}, ofOperationId = 'pay_1'): Partial<AskedOperation> => ({
    operation: 'correct',
    customerId: null,
    amountMinor: null,
    currency: null,
    correction: { ofOperationId, lines: [line(overrides)] },
  });
  const house = { debitAccountId: 'test:provider_clearing/sandbox:USD', creditAccountId: 'test:fee_income:USD' };
  it.each<[string, Partial<AskedOperation>[], string[]]>([
    ['moves what its lines say', [{}, correct()], [`${SHOP} > ${ANN} 40`, 'succeeded']],
    [
      'means this partition’s row of the house’s',
      [{}, correct(house)],
      ['provider_clearing/sandbox:USD > fee_income:USD 40', 'succeeded'],
    ],
    ['happens once', [{}, correct(), correct()], ['failed duplicate']],
    [
      'happens again after one that failed',
      [{}, correct({ amountMinor: 101n }), correct()],
      [`${SHOP} > ${ANN} 40`, 'succeeded'],
    ],
    ['of nothing', [correct({}, 'pay_x')], ['failed ledger_rejected']],
    ['of what failed', [{ amountMinor: 1_001n }, correct()], ['failed ledger_rejected']],
    ['of more than is there', [{}, correct({ amountMinor: 101n })], ['failed insufficient_funds']],
    [
      'in another currency than its account',
      [{}, correct({ currency: 'EUR' })],
      [`unlawful: "test:${SHOP}" is no account of test in EUR`],
    ],
    [
      'in the other environment',
      [{}, correct({ debitAccountId: `live:${SHOP}` })],
      [`unlawful: "live:${SHOP}" is no account of test in USD`],
    ],
    [
      'of a row by its partition',
      [{}, correct({ debitAccountId: 'test:world:USD:p4' })],
      ['unlawful: "test:world:USD:p4" is no account of test in USD'],
    ],
    ['of nothing at all', [{}, correct({ amountMinor: 0n })], ['unlawful: a line is 0']],
  ])('%s', (_case, records, expected) => {
    expect(play({ [ANN]: 1_000n }, records).last).toEqual(expected);
  });
});
