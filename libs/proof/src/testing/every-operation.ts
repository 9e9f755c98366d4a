// Tells one story in which every operation occurs, with its postings and figures written down by hand.

import type { AskedOperation } from '../inputs.ts';
import { ask, conversion, fact, fee, NOON, SECOND } from './ask.ts';
import type { Told, World } from './bookkeeper.ts';
import { createBookkeeper } from './bookkeeper.ts';
import { flatFee } from './example-books.ts';

const ANN = 'wallet:cus_ann:USD';
const EURO = 'wallet:cus_ann:EUR';
const BOB = 'wallet:cus_bob:USD';
const SHOP = 'payable:mer_shop:USD';
const TRANSIT = 'payout_in_transit:USD';
const HELD = 'disputed:USD';

/** Ann, and what is the merchant's own, are in this partition; Bob is in the other. */
const [FIRST, SECOND_PARTITION] = [0, 1];

type Entry = readonly [partition: number, asked: Partial<AskedOperation>, told: Told];

const done = 'succeeded';
const taken = (amountMinor: bigint, ruleId = 'standard') => [{ ruleId, ruleVersion: 1n, amountMinor, currency: 'USD' }];
const paid = (sum: bigint, status = done) => ({ status, authorizedMinor: sum, capturedMinor: sum });
const command = (operation: string, accountId: string, limits = {}): Partial<AskedOperation> => ({
  operation,
  customerId: accountId.split(':')[1] ?? null,
  method: null,
  amountMinor: null,
  currency: null,
  account: {
    accountId: `test:${accountId}`,
    overdraftMinor: null,
    dailyAmountMinor: null,
    dailyCount: null,
    ...limits,
  },
});
const follow = (operation: string, paymentId: string, overrides: Partial<AskedOperation> = {}) => ({
  operation,
  paymentId,
  method: null,
  ...overrides,
});
const shopOnly = { customerId: null, method: null };
const outcome = (paymentId: string, status: string, amountMinor: bigint): Partial<AskedOperation> => ({
  ...shopOnly,
  operationId: paymentId,
  operation: 'pay_out',
  kind: 'outcome',
  pass: 2,
  amountMinor,
  outcome: { provider: 'sandbox', status, amountMinor, currency: null },
  failure: status === 'declined' ? { code: 'do_not_honor' } : null,
});

const wallets: Entry[] = [
  [FIRST, { operation: 'top_up', amountMinor: 50_000n }, { status: done, lines: [`world:USD > ${ANN} 50000`] }],
  [
    FIRST,
    { operation: 'top_up', amountMinor: 5_000n, currency: 'EUR' },
    { status: done, lines: [`world:EUR > ${EURO} 5000`] },
  ],
  [
    SECOND_PARTITION,
    { operation: 'top_up', amountMinor: 900n, customerId: 'cus_bob' },
    { status: done, lines: [`world:USD > ${BOB} 900`] },
  ],
  [
    FIRST,
    { operationId: 'plain', amountMinor: 1_099n, fees: [fee({ refundPolicy: 'return_proportional' })] },
    {
      status: done,
      lines: [`${ANN} > ${SHOP} 1037`, `${ANN} > fee_income:USD 62`],
      spender: ANN,
      fees: taken(62n),
      payment: paid(1_099n),
    },
  ],
  [
    FIRST,
    { operationId: 'converted', amountMinor: 1_099n, sourceCurrency: 'EUR', fx: conversion() },
    {
      status: done,
      lines: [`${EURO} > fx_position:EUR 944`, `${EURO} > fee_income:EUR 10`, `fx_position:USD > ${SHOP} 1099`],
      spender: EURO,
      fx: conversion(),
      payment: paid(1_099n),
    },
  ],
];

const authorize = (operationId: string, amountMinor: bigint): Entry => [
  FIRST,
  { operationId, operation: 'authorize', authorize: { expiresAt: NOON + 60n * SECOND }, amountMinor },
  {
    status: done,
    holds: [`${ANN} ${amountMinor}`],
    spender: ANN,
    payment: { status: 'authorized', authorizedMinor: amountMinor, expiresAt: NOON + 60n * SECOND },
  },
];

const holds: Entry[] = [
  authorize('held', 1_000n),
  [
    FIRST,
    follow('capture', 'held', { amountMinor: 300n, capture: { final: false } }),
    {
      status: done,
      lines: [`${ANN} > ${SHOP} 300`],
      holds: [`${ANN} -300`],
      payment: { status: 'partially_captured', capturedMinor: 300n },
    },
  ],
  [
    FIRST,
    follow('capture', 'held', { amountMinor: 701n, capture: { final: true } }),
    { status: 'failed', code: 'exceeds_authorized_amount' },
  ],
  [
    FIRST,
    follow('capture', 'held', { amountMinor: 200n, capture: { final: true } }),
    {
      status: done,
      lines: [`${ANN} > ${SHOP} 200`],
      holds: [`${ANN} -700`],
      payment: { status: done, capturedMinor: 500n },
    },
  ],
  authorize('let_go', 70n),
  [
    FIRST,
    follow('cancel', 'let_go', { amountMinor: null }),
    { status: done, holds: [`${ANN} -70`], payment: { status: 'canceled' } },
  ],
  authorize('run_out', 80n),
  [
    FIRST,
    follow('expire', 'run_out', { amountMinor: null, requestedAt: NOON + 60n * SECOND }),
    { status: done, holds: [`${ANN} -80`], payment: { status: 'expired' } },
  ],
  authorize('kept', 90n),
];

const fxBack = conversion({ fromCurrency: 'USD', toCurrency: 'EUR', baseRate: '0.8571', roundingCurrency: 'EUR' });
const refunds: Entry[] = [
  [
    FIRST,
    follow('refund', 'plain', { amountMinor: 500n, refund: { rateChoice: null } }),
    {
      status: done,
      lines: [`${SHOP} > ${ANN} 500`, `fee_income:USD > ${SHOP} 28`],
      fees: taken(-28n),
      payment: { status: 'partially_refunded', refundedMinor: 500n },
    },
  ],
  [
    FIRST,
    follow('refund', 'converted', { amountMinor: 500n, refund: { rateChoice: 'original' } }),
    {
      status: done,
      lines: [`${SHOP} > fx_position:USD 500`, `fx_position:EUR > ${EURO} 429`],
      payment: { status: 'partially_refunded', refundedMinor: 500n },
    },
  ],
  [
    // 100 · 0.8571 = 85.71.
    FIRST,
    follow('refund', 'converted', { amountMinor: 100n, refund: { rateChoice: 'current' }, fx: fxBack }),
    {
      status: done,
      lines: [`${SHOP} > fx_position:USD 100`, `fx_position:EUR > ${EURO} 85`, 'fx_position:EUR > fx_rounding:EUR 1'],
      fx: { ...fxBack, fromAmountMinor: 100n, toAmountMinor: 85n, markupMinor: 0n, roundingMinor: 1n },
      payment: { refundedMinor: 600n },
    },
  ],
];

const dispute = (type: string, paymentId: string, disputeId: string, amountMinor: bigint, feeMinor: bigint) => ({
  ...fact(`dispute_${type}`, { disputeId, amountMinor, feeMinor }),
  paymentId,
});
const disputes: Entry[] = [
  [
    FIRST,
    dispute('opened', 'plain', 'dp_won', 400n, 50n),
    {
      status: done,
      lines: [`${SHOP} > ${HELD} 450`],
      payment: { status: 'disputed', disputedMinor: 400n },
      dispute: { disputeId: 'dp_won', amountMinor: 400n, feeMinor: 50n },
    },
  ],
  [
    FIRST,
    dispute('won', 'plain', 'dp_won', 400n, 50n),
    {
      status: done,
      lines: [`${HELD} > ${SHOP} 450`],
      payment: { status: 'partially_refunded', disputedMinor: 0n },
      dispute: { disputeId: 'dp_won', status: 'won' },
    },
  ],
  [
    // 1,164 are left of 1,037 + 1,099 + 500 less 472 and 600 and 400, of which the merchant has just taken 1,164.
    FIRST,
    dispute('opened', 'held', 'dp_lost', 300n, 1_500n),
    {
      status: done,
      lines: [`${SHOP} > ${HELD} 1564`, `receivable:mer_shop:USD > ${HELD} 236`],
      payment: { status: 'disputed', disputedMinor: 300n },
      dispute: { disputeId: 'dp_lost', amountMinor: 300n, feeMinor: 1_500n, fromReceivableMinor: 236n },
    },
  ],
  [
    FIRST,
    dispute('lost', 'held', 'dp_lost', 300n, 1_500n),
    {
      status: done,
      lines: [`${HELD} > fee_income:USD 1500`, `${HELD} > ${ANN} 300`],
      payment: { status: 'charged_back', lostMinor: 300n },
      dispute: { disputeId: 'dp_lost', status: 'lost' },
    },
  ],
  [
    FIRST,
    dispute('opened', 'nobody', 'dp_stray', 20n, 5n),
    {
      status: 'manual_review',
      lines: [`suspense:USD > ${HELD} 25`],
      dispute: { disputeId: 'dp_stray', amountMinor: 20n, feeMinor: 5n, source: 'suspense' },
    },
  ],
  [
    FIRST,
    dispute('lost', 'held', 'dp_other', 20n, 5n),
    { status: 'manual_review', lines: ['suspense:USD > provider_clearing/sandbox:USD 20'] },
  ],
];

const velocity = [{ ruleId: 'few', ruleVersion: 3n, amountMinor: null, currency: null, count: 1n, windowSeconds: 60n }];
const toBob = { legs: [{ payeeCustomerId: 'cus_bob', amountMinor: 2_000n }], platformFeeMinor: 5n };
const allowed = { ruleId: 'block', ruleVersion: 1n, decision: 'allow', observed: null, bound: null, currency: null };
const refusal = { ...allowed, ruleId: 'few', ruleVersion: 3n, decision: 'refuse', observed: 2n, bound: 1n };
const transfers: Entry[] = [
  [
    FIRST,
    { operation: 'transfer', amountMinor: 2_000n, transfer: toBob, velocity, decisions: [allowed] },
    {
      ...{ status: done, lines: [`${ANN} > ${BOB} 2000`, `${ANN} > ${SHOP} 5`] },
      ...{ spender: ANN, counted: true, decisions: [allowed] },
    },
  ],
  [
    FIRST,
    { operation: 'transfer', amountMinor: 2_000n, transfer: toBob, velocity, decisions: [allowed] },
    { status: 'failed', code: 'velocity_limit_exceeded', decisions: [allowed, refusal] },
  ],
  [
    FIRST,
    { operationId: 'again', amountMinor: 3_000n },
    { status: done, lines: [`${ANN} > ${SHOP} 3000`], spender: ANN, payment: paid(3_000n) },
  ],
];

const payOut = (operationId: string, amountMinor: bigint, lines: string[]): Entry => [
  FIRST,
  {
    ...shopOnly,
    operationId,
    operation: 'pay_out',
    payOut: { payeeType: 'merchant' },
    amountMinor,
    fees: [flatFee(25n, amountMinor)],
  },
  {
    status: 'in_transit',
    lines: [...lines, `${SHOP} > ${TRANSIT} ${amountMinor}`, `${SHOP} > fee_income:USD 25`],
    spender: SHOP,
    payment: { kind: 'pay_out', status: 'in_transit' },
  },
];
const payOuts: Entry[] = [
  payOut('po_paid', 1_000n, [`${SHOP} > receivable:mer_shop:USD 236`]),
  payOut('po_failed', 600n, []),
  payOut('po_waiting', 50n, []),
  [
    FIRST,
    outcome('po_paid', 'approved', 1_000n),
    { status: done, lines: [`${TRANSIT} > world:USD 1000`], fees: taken(25n), payment: { status: 'paid' } },
  ],
  [
    FIRST,
    outcome('po_failed', 'declined', 600n),
    {
      status: 'failed',
      code: 'do_not_honor',
      lines: [`${TRANSIT} > ${SHOP} 600`, `fee_income:USD > ${SHOP} 25`],
      payment: { status: 'failed' },
    },
  ],
  [
    FIRST,
    { ...fact('pay_out_returned', { amountMinor: 1_000n }), ...shopOnly, paymentId: 'po_paid' },
    { status: done, lines: [`world:USD > ${SHOP} 1000`], payment: { status: 'returned' } },
  ],
];

const bob = { customerId: 'cus_bob', amountMinor: 10n };
const daily = { ...refusal, ruleId: 'account.daily_count', ruleVersion: 1n };
const commands: Entry[] = [
  [SECOND_PARTITION, command('freeze', BOB), { status: done, sets: { [BOB]: { status: 'frozen' } } }],
  [SECOND_PARTITION, bob, { status: 'failed', code: 'account_frozen', reads: [BOB] }],
  [SECOND_PARTITION, command('unfreeze', BOB), { status: done, sets: { [BOB]: { status: 'open' } } }],
  [
    SECOND_PARTITION,
    command('limit', BOB, { overdraftMinor: 40n, dailyAmountMinor: 1_000n, dailyCount: 1n }),
    { status: done, sets: { [BOB]: { overdraftMinor: 40n, dailyAmountMinor: 1_000n, dailyCount: 1n } } },
  ],
  [
    SECOND_PARTITION,
    { ...bob, operationId: 'small' },
    { status: done, lines: [`${BOB} > ${SHOP} 10`], spender: BOB, payment: paid(10n) },
  ],
  [SECOND_PARTITION, bob, { status: 'failed', code: 'velocity_limit_exceeded', decisions: [daily], reads: [BOB] }],
  [SECOND_PARTITION, command('close', BOB), { status: 'failed', code: 'ledger_rejected', reads: [BOB] }],
  [
    SECOND_PARTITION,
    command('close', 'wallet:cus_bob:EUR'),
    { status: done, sets: { 'wallet:cus_bob:EUR': { status: 'closed' } } },
  ],
];

const correction = {
  ofOperationId: 'plain',
  lines: [
    { debitAccountId: 'test:fee_income:USD', creditAccountId: `test:${SHOP}`, currency: 'USD', amountMinor: 34n },
  ],
};
const correct = { ...shopOnly, operation: 'correct', amountMinor: null, currency: null, correction };
const corrections: Entry[] = [
  [FIRST, correct, { status: done, lines: [`fee_income:USD > ${SHOP} 34`] }],
  [FIRST, correct, { status: 'failed', code: 'duplicate' }],
  [SECOND_PARTITION, correct, { status: 'failed', code: 'ledger_rejected' }],
  [
    FIRST,
    follow('refund', 'again', { kind: 'refused', failure: { code: 'fx_rate_stale' }, refund: { rateChoice: null } }),
    { status: 'failed', code: 'fx_rate_stale' },
  ],
];

/** The story's world; `batchSize` records share one ledger number. */
export function everyOperation(batchSize = 4): World {
  const books = createBookkeeper(2, batchSize);
  const entries = [wallets, holds, refunds, disputes, transfers, payOuts, commands, corrections].flat();
  entries.forEach(([partition, overrides, told], index) => {
    const asked = ask({ operationId: `${overrides.operation ?? 'pay'}_${index}`, ...overrides });
    books.record(partition, asked, told);
    if (index % 10 === 9) books.repeat(partition, asked);
  });
  books.garbage(FIRST);
  return books.world();
}
