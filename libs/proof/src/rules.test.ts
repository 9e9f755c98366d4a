// Shows what had to become of an operation, case by case: the rules of the books as the proof knows them.

import { describe, expect, it } from 'vitest';
import { createBalances } from './balances.ts';
import type { AskedOperation } from './inputs.ts';
import { ruleOn } from './rules.ts';

const WALLET = 'test:wallet:cus_1:USD';
const PAYABLE = 'test:payable:mer_1:USD';
const MINOR_MAX = 2n ** 62n;

const asked = (overrides: Partial<AskedOperation>): AskedOperation => ({
  operationId: 'pay_1',
  operation: 'pay',
  paymentId: 'pay_1',
  method: { type: 'wallet' },
  sourceCurrency: null,
  fx: null,
  route: null,
  environment: 'test',
  merchantId: 'mer_1',
  customerId: 'cus_1',
  pass: 1,
  kind: 'priced',
  rulesVersion: 1,
  amountMinor: 100n,
  currency: 'USD',
  fees: [],
  failure: null,
  ...overrides,
});

const fee = (amountMinor: bigint, overrides = {}) => ({
  amountMinor,
  currency: 'USD',
  bearer: 'merchant',
  ...overrides,
});

/** The ruling in short: the code of a decline, the reason of the unlawful, or each movement as text. */
function ruling(operation: AskedOperation, walletMinor = 0n, payableMinor = 0n): string | string[] {
  const balances = createBalances();
  const funding = { debitAccount: 'test:world:USD:p4', currency: 'USD' };
  balances.post([
    { ...funding, creditAccount: WALLET, amountMinor: walletMinor },
    { ...funding, creditAccount: PAYABLE, amountMinor: payableMinor },
  ]);
  const result = ruleOn(operation, 4, balances);
  if (result.kind === 'decline') return result.code;
  if (result.kind === 'unlawful') return result.why;
  return result.movements.map((line) => `${line.amountMinor} ${line.debitAccount} > ${line.creditAccount}`);
}

describe('a payment', () => {
  it.each([
    ['of all there is', {}, 100n, [`100 ${WALLET} > ${PAYABLE}`]],
    ['of one cent more', {}, 99n, 'insufficient_funds'],
    ['from an empty wallet', {}, 0n, 'insufficient_funds'],
    ['with a fee', { fees: [fee(33n)] }, 100n, [`67 ${WALLET} > ${PAYABLE}`, `33 ${WALLET} > test:fee_income:USD:p4`]],
    ['of which nothing is left', { fees: [fee(100n)] }, 100n, [`100 ${WALLET} > test:fee_income:USD:p4`]],
    ['with a fee of nothing', { fees: [fee(0n)] }, 100n, [`100 ${WALLET} > ${PAYABLE}`]],
  ])('%s', (_case, overrides, walletMinor, expected) => {
    expect(ruling(asked(overrides), walletMinor)).toEqual(expected);
  });
});

describe('a top-up', () => {
  const topUp = asked({ operation: 'top_up', operationId: 'tu_1', paymentId: 'tu_1', method: { type: 'sandbox' } });
  it('comes from the world of its partition', () => {
    expect(ruling(topUp)).toEqual([`100 test:world:USD:p4 > ${WALLET}`]);
  });

  it.each([
    [MINOR_MAX - 100n, [`100 test:world:USD:p4 > ${WALLET}`]],
    [MINOR_MAX - 99n, 'ledger_rejected'],
  ])('onto %d never leaves the range of an account', (walletMinor, expected) => {
    const balances = createBalances();
    balances.post([
      { debitAccount: 'test:world:USD:p5', creditAccount: WALLET, currency: 'USD', amountMinor: walletMinor },
    ]);
    const result = ruleOn(topUp, 4, balances);
    expect(result.kind === 'decline' ? result.code : 'approve').toBe(
      expected === 'ledger_rejected' ? expected : 'approve',
    );
  });
});

describe('what a processor refused', () => {
  it('fails with the processor’s code, whatever the wallet holds', () => {
    const refused = asked({
      kind: 'refused',
      failure: { code: 'currency_not_supported' },
      amountMinor: null,
      currency: null,
    });
    expect(ruling(refused, 1_000n)).toBe('currency_not_supported');
  });

  it('must have a reason', () => {
    expect(ruling(asked({ kind: 'refused' }))).toBe('it was refused without a reason');
  });
});

describe('what must never be settled', () => {
  it.each([
    ['it has no amount', { amountMinor: null }],
    ['its amount is 0', { amountMinor: 0n }],
    ['its amount is -5', { amountMinor: -5n }],
    ['its currency "XXY" is not known', { currency: 'XXY' }],
    ['it names no customer', { customerId: null }],
    ['operation "gift" is not known', { operation: 'gift' }],
    ['its kind "guess" is not known', { kind: 'guess' }],
    ['it asks for rules version 2', { rulesVersion: 2 }],
    ['pass 2 is not expected of a pay', { pass: 2 }],
    ['its fees exceed its amount', { fees: [fee(101n)] }],
    ['a fee is -1', { fees: [fee(-1n)] }],
    ['a fee is in EUR, the payment in USD', { fees: [fee(1n, { currency: 'EUR' })] }],
    ['a top-up carries no fee', { operation: 'top_up', method: { type: 'sandbox' }, fees: [fee(1n)] }],
    ['its method is "card"', { method: { type: 'card' } }],
    ['its method is "wallet"', { operation: 'top_up' }],
    ['it is not the first operation of its payment', { paymentId: 'pay_2' }],
    ['it is paid in EUR', { sourceCurrency: 'EUR' }],
    ['it carries a conversion', { fx: {} }],
    ['it is routed to a provider', { route: {} }],
  ])('%s', (why, overrides) => {
    expect(ruling(asked(overrides), 1_000n)).toBe(why);
  });
});
