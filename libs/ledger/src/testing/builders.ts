// Makes operations and books for this room's tests, each valid unless the test says otherwise.
import { failureOf } from '@paystream/payments';
import { takeFor } from '@paystream/pricing';
import type { Account } from '../account.ts';
import { newAccount } from '../account.ts';
import { accountsOf } from '../accounts-of.ts';
import type { FoldedBatch } from '../decision.ts';
import { foldBatch, operationKey } from '../fold-batch.ts';
import type { Reading } from '../instruction.ts';
import type { Spend } from '../limits.ts';
import type { LedgerState } from '../open-books.ts';
import type { Dispute, Payment } from '../payment.ts';
import type { Conversion, ProcessedOperation } from '../processed-operation.ts';
import { readOperation } from '../read-operation.ts';
import type { Outcome } from '../verdict.ts';

/** 2026-09-01T10:00:00Z in microseconds since the epoch. */
export const TIME = 1_788_256_800_000_000n;

/** Input partition of every record in these tests. */
const PARTITION = 3;

const hex = (number: number): string => number.toString(16).padStart(32, '0');
export const customerId = (number: number): string => `cus_${hex(number)}`;
export const merchantId = (number: number): string => `mer_${hex(number)}`;
export const walletId = (number: number, currency = 'USD'): string => `test:wallet:${customerId(number)}:${currency}`;
export const payableId = (number: number, currency = 'USD'): string => `test:payable:${merchantId(number)}:${currency}`;
export const houseId = (kind: string, currency = 'USD'): string => `test:${kind}:${currency}:p${PARTITION}`;

export function aFee(amountMinor: bigint, overrides: Partial<ProcessedOperation['fees'][number]> = {}) {
  return {
    ruleId: 'standard',
    ruleVersion: 1n,
    kind: 'processing',
    bearer: 'merchant',
    baseMinor: 1_000n,
    percentBps: 0,
    fixedMinor: amountMinor,
    minMinor: null,
    maxMinor: null,
    refundPolicy: 'keep',
    tier: null,
    amountMinor,
    currency: 'USD',
    ...overrides,
  };
}

/** A payment of 10.00 USD from customer 1 to merchant 1, without fees; `number` makes its id. */
export function aPay(number: number, overrides: Partial<ProcessedOperation> = {}): ProcessedOperation {
  return {
    operationId: `pay_${hex(number)}`,
    operation: 'pay',
    paymentId: `pay_${hex(number)}`,
    environment: 'test',
    merchantId: merchantId(1),
    customerId: customerId(1),
    pass: 1,
    kind: 'priced',
    rulesVersion: 1,
    amountMinor: 1_000n,
    currency: 'USD',
    requestedAt: TIME,
    method: { type: 'wallet' },
    sourceCurrency: null,
    authorize: null,
    capture: null,
    refund: null,
    transfer: null,
    payOut: null,
    account: null,
    correction: null,
    fees: [],
    fx: null,
    route: null,
    failure: null,
    fact: null,
    velocity: null,
    ...overrides,
  };
}

/** A top-up of 10.00 USD into the wallet of customer 1. */
export function aTopUp(number: number, overrides: Partial<ProcessedOperation> = {}): ProcessedOperation {
  const id = `tu_${hex(number)}`;
  return aPay(number, {
    operationId: id,
    operation: 'top_up',
    paymentId: id,
    method: { type: 'sandbox' },
    ...overrides,
  });
}

/** So much EUR paid in USD, at 0.8 EUR for one USD and two per cent markup. */
export function aConversion(towardMinor: bigint, overrides: Partial<Conversion> = {}): Conversion {
  const terms = { fromCurrency: 'USD', toCurrency: 'EUR', baseRate: '0.8', markupBps: 200, ...overrides };
  const { collectedMinor, roundingMinor, markupMinor } = takeFor(terms, towardMinor);
  return {
    fromAmountMinor: collectedMinor + markupMinor,
    toAmountMinor: towardMinor,
    markupMinor,
    roundingMinor,
    roundingCurrency: terms.fromCurrency,
    rateSource: 'ecb',
    ratePublishedAt: TIME,
    quoteId: null,
    ...terms,
  };
}

/** Holds what `aPay` takes, for a day. */
export function anAuthorize(number: number, overrides: Partial<ProcessedOperation> = {}): ProcessedOperation {
  return aPay(number, { operation: 'authorize', authorize: { expiresAt: TIME + DAY_MICROS }, ...overrides });
}

export const DAY_MICROS = 86_400_000_000n;

/** What follows payment `of`; `number` makes its own id. */
function aFollowUp(
  prefix: string,
  number: number,
  of: number,
  overrides: Partial<ProcessedOperation>,
): ProcessedOperation {
  const ids = { operationId: `${prefix}_${hex(number)}`, paymentId: `pay_${hex(of)}` };
  return aPay(number, { ...ids, method: null, amountMinor: null, currency: null, ...overrides });
}

export function aCapture(
  number: number,
  {
    of,
    amountMinor,
    final = false,
    ...rest
  }: { of: number; amountMinor: bigint; final?: boolean } & Partial<ProcessedOperation>,
): ProcessedOperation {
  return aFollowUp('cap', number, of, {
    operation: 'capture',
    amountMinor,
    currency: 'USD',
    capture: { final },
    ...rest,
  });
}

export function aCancel(number: number, of: number): ProcessedOperation {
  return aFollowUp('can', number, of, { operation: 'cancel' });
}

export function anExpire(number: number, of: number, requestedAt = TIME + DAY_MICROS): ProcessedOperation {
  return aFollowUp('exp', number, of, { operation: 'expire', requestedAt });
}

export function aRefund(
  number: number,
  { of, amountMinor, ...rest }: { of: number; amountMinor: bigint } & Partial<ProcessedOperation>,
): ProcessedOperation {
  const refund = { rateChoice: null };
  return aFollowUp('re', number, of, { operation: 'refund', amountMinor, currency: 'USD', refund, ...rest });
}

/** From customer 1 to the customers named, each with his amount. */
export function aTransfer(
  number: number,
  legs: readonly (readonly [payee: number, amountMinor: bigint])[],
  overrides: Partial<ProcessedOperation> = {},
): ProcessedOperation {
  const id = `tr_${hex(number)}`;
  return aPay(number, {
    ...{ operationId: id, paymentId: id, operation: 'transfer' },
    amountMinor: legs.reduce((sum, [, amountMinor]) => sum + amountMinor, 0n),
    transfer: {
      legs: legs.map(([payee, amountMinor]) => ({ payeeCustomerId: customerId(payee), amountMinor })),
      platformFeeMinor: null,
    },
    ...overrides,
  });
}

/** Of the merchant's payable, unless a customer is named. */
export function aPayOut(number: number, overrides: Partial<ProcessedOperation> = {}): ProcessedOperation {
  const id = `po_${hex(number)}`;
  const { customerId: customer = null } = overrides;
  return aPay(number, {
    ...{ operationId: id, paymentId: id, operation: 'pay_out', method: { type: 'sandbox' } },
    payOut: { payeeType: customer === null ? 'merchant' : 'customer' },
    ...overrides,
    customerId: customer,
  });
}

/** What is reported, in record `number`, of a pay-out: of its own amount unless said otherwise. */
export function aReport(
  number: number,
  payOut: ProcessedOperation,
  { status, ...fact }: { status: 'paid' | 'failed' } & Partial<Fact>,
): ProcessedOperation {
  const { paymentId: of, amountMinor, currency, customerId: customer } = payOut;
  return aFact(
    number,
    { of, type: `pay_out_${status}`, amountMinor, currency, ...fact },
    { customerId: customer, failure: status === 'failed' ? failureOf('processing_error') : null },
  );
}

/** What facts about a pay-out become. */
const OF_PAY_OUTS: Readonly<Record<string, string>> = {
  pay_out_paid: 'report',
  pay_out_failed: 'report',
  pay_out_returned: 'return',
};

type Fact = NonNullable<ProcessedOperation['fact']>;

/** What has happened outside to payment `of`. */
export function aFact(
  number: number,
  { of, type, ...fact }: { of: string; type: string } & Partial<Fact>,
  overrides: Partial<ProcessedOperation> = {},
): ProcessedOperation {
  const { amountMinor = 1_000n, currency = 'USD' } = fact;
  return aPay(number, {
    ...{ operationId: `dis_${hex(number)}`, paymentId: of, kind: 'fact', method: null },
    operation: OF_PAY_OUTS[type] ?? 'dispute',
    ...{ amountMinor, currency },
    fact: { type, provider: 'sandbox', disputeId: `dp_${hex(1)}`, feeMinor: null, ...fact, amountMinor, currency },
    ...overrides,
  });
}

/** On the wallet of customer 1, or on the payable of merchant 1. */
export function aCommand(
  number: number,
  operation: 'freeze' | 'unfreeze' | 'close' | 'limit',
  { accountId = walletId(1), ...terms }: Partial<NonNullable<ProcessedOperation['account']>> = {},
): ProcessedOperation {
  const prefix = { freeze: 'frz', unfreeze: 'unf', close: 'clo', limit: 'lim' }[operation];
  const id = `${prefix}_${hex(number)}`;
  return aPay(number, {
    ...{ operationId: id, paymentId: id, operation, method: null, amountMinor: null, currency: null },
    customerId: accountId === walletId(1) ? customerId(1) : null,
    account: { accountId, overdraftMinor: null, dailyAmountMinor: null, dailyCount: null, ...terms },
  });
}

type CorrectionLine = NonNullable<ProcessedOperation['correction']>['lines'][number];

export function aCorrection(
  number: number,
  ofOperationId: string,
  lines: readonly CorrectionLine[],
): ProcessedOperation {
  const id = `cor_${hex(number)}`;
  return aPay(number, {
    ...{ operationId: id, paymentId: id, operation: 'correct', method: null, amountMinor: null, currency: null },
    correction: { ofOperationId, lines },
  });
}

/** Where accounts stand that do not stand at zero, but for the world, which has the rest: `posted`, or `posted (held)`. */
export function standing(books: Books): Record<string, string> {
  const names = [...books.accounts.values()].filter(
    ({ kind, postedMinor, heldMinor }) => kind !== 'world' && (postedMinor !== 0n || heldMinor !== 0n),
  );
  return Object.fromEntries(
    names.map(({ id, postedMinor, heldMinor }) => [
      shortName(id),
      heldMinor === 0n ? `${postedMinor}` : `${postedMinor} (${heldMinor})`,
    ]),
  );
}

/** `wallet 1 USD`, `fee_income USD` */
function shortName(accountId: string): string {
  const [, kind = '', ownerOrCurrency = '', last = ''] = accountId.split(':');
  if (last.startsWith('p')) return `${kind} ${ownerOrCurrency}`;
  return `${kind} ${Number.parseInt(ownerOrCurrency.slice(4), 16)} ${last}`;
}

/** Runs the operations one by one and says of each what was decided, with the payment's status after it. */
export function tell(books: Books, operations: readonly ProcessedOperation[]): string[] {
  return operations.map((operation) => {
    const [decision] = runBatch(books, [operation]).decisions;
    if (decision?.kind !== 'decided')
      return decision?.kind === 'rejected' ? decision.reason : (decision?.kind ?? 'nothing');
    const outcome = decision.failure?.code ?? decision.outcome;
    return decision.payment === null ? outcome : `${outcome}, ${decision.payment.status}`;
  });
}

/** Books that outlive a batch, as the store keeps them. */
export interface Books {
  accounts: Map<string, Account>;
  payments: Map<string, Payment>;
  disputes: Map<string, Dispute>;
  decided: Set<string>;
  outcomes: Map<string, Outcome>;
  corrected: Set<string>;
  spends: Map<string, Spend[]>;
}

export function emptyBooks(): Books {
  return {
    accounts: new Map(),
    payments: new Map(),
    disputes: new Map(),
    decided: new Set(),
    outcomes: new Map(),
    corrected: new Set(),
    spends: new Map(),
  };
}

/** The state that the store would load for these readings. */
export function loadState(books: Books, readings: readonly Reading[]): LedgerState {
  const accounts = accountsOf(readings, books.payments).map((id) => books.accounts.get(id) ?? newAccount(id));
  return { ...books, accounts: new Map(accounts.map((account) => [account.id, account])) };
}

/** Loads, folds and saves one batch, as the app does. */
export function runBatch(books: Books, operations: readonly ProcessedOperation[]): FoldedBatch {
  const readings = operations.map((operation) => readOperation(operation, PARTITION));
  const folded = foldBatch(loadState(books, readings), readings);
  for (const account of folded.accounts) books.accounts.set(account.id, account);
  for (const payment of [...folded.newPayments, ...folded.changedPayments]) {
    books.payments.set(payment.paymentId, payment);
  }
  for (const dispute of folded.disputes) books.disputes.set(dispute.disputeId, dispute);
  for (const { ofOperationId } of folded.corrections) books.corrected.add(ofOperationId);
  for (const { subject, spend } of folded.spends) {
    books.spends.set(subject, [...(books.spends.get(subject) ?? []), spend]);
  }
  for (const decision of folded.decisions) {
    if (decision.kind !== 'decided') continue;
    books.decided.add(operationKey(decision.asked));
    books.outcomes.set(decision.asked.operationId, decision.outcome);
  }
  return folded;
}
