// Checks what customers and merchants are shown of every kind of change to their accounts.
import { newId } from '@paystream/payments';
import { aPaymentProgressed, aPaymentSettled } from '@paystream/testkit';
import type { AccountState, FeeLine, PaymentSettled } from '@paystream/topics';
import { expect, test } from 'vitest';
import type { AccountChanges } from './account-changes.ts';
import { ofProgressed, ofSettled } from './account-changes.ts';
import { toMerchantBalances, toMerchantTransactions } from './merchant-rows.ts';
import { toWalletBalances, toWalletTransactions } from './wallet-rows.ts';

const merchantId = newId('mer');
const customerId = newId('cus');
const payee = newId('cus');

function state(kind: string, ownerId: string, changes: Partial<AccountState> = {}): AccountState {
  return {
    ...{ accountId: `test:${kind}:${ownerId}:USD`, kind, ownerId, currency: 'USD' },
    ...{ postedChangeMinor: 0n, heldChangeMinor: 0n, postedMinor: 500n, heldMinor: 0n, version: 1n },
    ...{ changed: true, counterpartyId: null, status: 'open', overdraftMinor: 0n, ...changes },
  };
}

function fee(amountMinor: bigint, bearer = 'merchant'): FeeLine {
  return {
    ...{ ruleId: 'r', ruleVersion: 1n, kind: 'processing', bearer, baseMinor: 1n, percentBps: 1, fixedMinor: 0n },
    ...{ minMinor: null, maxMinor: null, refundPolicy: 'keep', tier: null, amountMinor, currency: 'USD' },
  };
}

function settled(changes: Partial<PaymentSettled>): AccountChanges {
  return ofSettled(aPaymentSettled({ merchantId, customerId, amountMinor: 100n, ...changes }));
}

function leaving(owner: string | null, balances: AccountState[]): AccountChanges {
  const payOut = { operation: 'pay_out', status: 'in_transit', amountMinor: 100n, merchantId, customerId: owner };
  const changes = ofProgressed(aPaymentProgressed({ ...payOut, balances }));
  if (changes === undefined) throw new Error('it says nothing of accounts');
  return changes;
}

const payable = (postedChangeMinor: bigint) => state('payable', merchantId, { postedChangeMinor });
const wallet = (postedChangeMinor: bigint) => state('wallet', customerId, { postedChangeMinor });
const readOnly = (kind: string, ownerId: string) => state(kind, ownerId, { changed: false });

test.each([
  ['a payment: what arrived, and the fee it bore', 'pay', [fee(3n), fee(9n, 'customer')], 97n, [100n, 3n, 97n]],
  ['a refund that gives a part of the fee back', 'refund', [fee(-1n)], -49n, [-50n, -1n, -49n]],
  ['a dispute', 'dispute', [], -115n, [-115n, 0n, -115n]],
  ['a platform fee', 'transfer', [fee(2n)], 3n, [5n, 2n, 3n]],
])('%s', (_what, operation, fees, change, [gross, feeMinor, net]) => {
  expect(toMerchantTransactions(settled({ operation, fees, balances: [payable(change)] }))).toMatchObject([
    { kind: operation, accountKind: 'payable', grossMinor: gross, feeMinor, netMinor: net, balanceAfterMinor: 500n },
  ]);
});

test('a pay-out is listed as it leaves, with what it repays and its fee, and again when it comes back', () => {
  const repaid = state('receivable', merchantId, { postedChangeMinor: 40n });
  expect(toMerchantTransactions(leaving(null, [payable(-142n), repaid]))).toMatchObject([
    { accountKind: 'payable', grossMinor: -140n, feeMinor: 2n, netMinor: -142n },
    { accountKind: 'receivable', grossMinor: 40n, feeMinor: 0n, netMinor: 40n },
  ]);
  const payOut = { operation: 'pay_out', customerId: null };
  expect(toMerchantTransactions(settled({ ...payOut, balances: [readOnly('payable', merchantId)] }))).toEqual([]);
  const failed = settled({ ...payOut, status: 'failed', fees: [fee(-2n, 'customer')], balances: [payable(102n)] });
  expect(toMerchantTransactions(failed)).toMatchObject([{ grossMinor: 100n, feeMinor: -2n, netMinor: 102n }]);
  expect(toWalletTransactions(leaving(customerId, [wallet(-102n)]))).toMatchObject([
    { kind: 'pay_out', status: 'in_transit', amountMinor: -102n },
  ]);
});

test('what is short of leaving says nothing of accounts', () => {
  expect(ofProgressed(aPaymentProgressed({ status: 'requires_action' }))).toBeUndefined();
});

test('keeps the highest version of each wallet, in whatever order the batch has them', () => {
  const versions = [2n, 3n, 1n].map((version) => settled({ balances: [state('wallet', customerId, { version })] }));
  expect(toWalletBalances(versions)).toMatchObject([{ version: 3n }]);
});

test('what the merchant owes is an account beside, and what a customer owes is none of it', () => {
  const balances = [
    state('receivable', merchantId, { postedChangeMinor: -40n, postedMinor: -40n, version: 2n }),
    state('receivable', customerId, { postedChangeMinor: -1n }),
    state('receivable', merchantId, { version: 1n }),
  ];
  const event = settled({ operation: 'dispute', balances });
  expect(toMerchantTransactions(event)).toMatchObject([{ accountKind: 'receivable', netMinor: -40n, feeMinor: 0n }]);
  expect(toMerchantBalances([event])).toMatchObject([{ kind: 'receivable', postedMinor: -40n, version: 2n }]);
});

test.each([
  ['a refund', { operation: 'refund', balances: [wallet(50n)] }, [50n]],
  [
    'a payment that was declined',
    { operation: 'pay', status: 'failed', balances: [readOnly('wallet', customerId)] },
    [-100n],
  ],
  [
    'a refund that was declined',
    { operation: 'refund', status: 'failed', balances: [readOnly('wallet', customerId)] },
    [100n],
  ],
  [
    'a transfer to a payee',
    { operation: 'transfer', balances: [state('wallet', payee, { postedChangeMinor: 30n })] },
    [30n],
  ],
  [
    'a transfer that failed, at its payee',
    { operation: 'transfer', status: 'failed', balances: [readOnly('wallet', payee)] },
    [],
  ],
  ['a wallet that was only read', { operation: 'dispute', balances: [readOnly('wallet', customerId)] }, []],
  ['a wallet that was frozen', { operation: 'freeze', balances: [wallet(0n)] }, []],
  ['a pay-out at its end', { operation: 'pay_out', balances: [readOnly('wallet', customerId)] }, []],
  [
    'a pay-out that was declined',
    { operation: 'pay_out', status: 'failed', balances: [readOnly('wallet', customerId)] },
    [-100n],
  ],
  ['a pay-out that came back', { operation: 'pay_out', status: 'failed', balances: [wallet(104n)] }, [104n]],
  ['a hold', { operation: 'authorize', balances: [state('wallet', customerId, { heldChangeMinor: 100n })] }, [0n]],
])('on a wallet: %s', (_what, changes, amounts) => {
  expect(toWalletTransactions(settled(changes)).map(({ amountMinor }) => amountMinor)).toEqual(amounts);
});
