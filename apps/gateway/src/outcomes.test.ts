// Checks what the gateway takes over from a batch of settled operations.
import { newId, walletAccountId } from '@paystream/payments';
import { aPaymentSettled } from '@paystream/testkit';
import type { AccountState, PaymentSettled } from '@paystream/topics';
import { expect, test } from 'vitest';
import { faultOf, toRows } from './outcomes.ts';

const customerId = newId('cus');

function wallet(version: bigint, overrides: Partial<AccountState> = {}): AccountState {
  return {
    accountId: walletAccountId('test', customerId, 'USD'),
    kind: 'wallet',
    ownerId: customerId,
    currency: 'USD',
    postedChangeMinor: -1099n,
    heldChangeMinor: 0n,
    postedMinor: 10_000n - version * 1099n,
    heldMinor: 0n,
    version,
    changed: true,
    counterpartyId: null,
    status: 'open',
    overdraftMinor: 0n,
    ...overrides,
  };
}

function settled(overrides: Partial<PaymentSettled> = {}): PaymentSettled {
  return aPaymentSettled({ operationId: newId('pay'), customerId, balances: [wallet(1n)], ...overrides });
}

function rowsOf(batch: readonly PaymentSettled[]) {
  return toRows(batch, new Map());
}

test('keeps the highest version of each wallet, in whatever order the batch has them', () => {
  const { balances } = rowsOf([
    settled({ balances: [wallet(2n)] }),
    settled({ balances: [wallet(3n)] }),
    settled({ balances: [wallet(1n)] }),
  ]);
  expect(balances).toMatchObject([{ version: 3n, postedMinor: 6_703n }]);
});

test('has a transaction per wallet, not for merchants', () => {
  const payable = wallet(1n, { kind: 'payable', accountId: 'test:payable:mer_x:USD' });
  expect(rowsOf([settled({ balances: [payable, wallet(1n)] })]).transactions).toHaveLength(1);
});

test('shows of a decline what was asked for', () => {
  const state = wallet(1n, { changed: false, postedChangeMinor: 0n });
  const { transactions } = rowsOf([settled({ status: 'failed', paymentStatus: 'failed', balances: [state] })]);
  expect(transactions).toMatchObject([{ status: 'failed', amountMinor: -1099n, balanceAfterMinor: 8_901n }]);
});

test('freezes no answer for an operation nobody asked the gateway for', () => {
  expect(rowsOf([settled({ operation: 'dispute', operationId: newId('dis') })]).outcomes).toEqual([]);
});

test.each([
  ['a status nobody knows', settled({ status: 'lost' })],
  ['an operation without an id', settled({ operationId: 'pay_1' })],
  ['a wallet without an owner', settled({ balances: [wallet(1n, { ownerId: 'mer_x' })] })],
])('finds fault with %s', (_what, value) => {
  expect(faultOf(value)).toBeDefined();
});

test('finds none with a good one', () => {
  expect(faultOf(settled())).toBeUndefined();
});
