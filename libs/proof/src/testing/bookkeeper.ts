// Keeps the log and the books of a test's small world: it adds up what it is told and decides nothing by itself.

import { UNTOUCHED } from '../balances.ts';
import type { Account } from '../balances.ts';
import type { FeeTaken } from '../fee-line.ts';
import type {
  AskedOperation,
  Conversion,
  LogBounds,
  Outcome,
  RecordKey,
  ReportedBalance,
  RuleDecision,
  SettledRecord,
} from '../inputs.ts';
import type { AccountRow, CorrectionRow, DisputeRow, OperationRow, PaymentRow, PostingRow, SpendRow } from '../rows.ts';
import { DAY } from './ask.ts';

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

export interface World {
  asked: { partition: number; offset: bigint; key: RecordKey | null; operation: Mutable<AskedOperation> | null }[];
  settled: Mutable<SettledRecord>[];
  progressed: Mutable<Outcome>[];
  deadLetters: { partition: number; sourceOffset: bigint }[];
  cuts: bigint[];
  /** Per partition, what is not as the cuts and records have it. */
  bounds: Partial<LogBounds>[];
  operations: Mutable<OperationRow>[];
  postings: Mutable<PostingRow>[];
  accounts: Mutable<AccountRow>[];
  payments: Mutable<PaymentRow>[];
  disputes: Mutable<DisputeRow>[];
  corrections: Mutable<CorrectionRow>[];
  spends: Mutable<SpendRow>[];
  /** What is to be drawn next, where it is not one more than what the books hold. */
  nextLedgerNumber: bigint | null;
}

/** What is to become of a record. Accounts are named short: `wallet:cus_ann:USD`, and `fee_income:USD` for the partition's row. */
export interface Told {
  readonly status: string;
  readonly code?: string;
  /** `debited > credited amount` */
  readonly lines?: readonly string[];
  /** `account amount`, signed */
  readonly holds?: readonly string[];
  readonly sets?: Readonly<Record<string, Partial<Account>>>;
  /** Whose daily counters count it. */
  readonly spender?: string;
  readonly fees?: readonly FeeTaken[];
  readonly fx?: Conversion | null;
  readonly decisions?: readonly RuleDecision[] | null;
  readonly payment?: Partial<PaymentRow>;
  readonly dispute?: Partial<DisputeRow> & { readonly disputeId: string };
  /** Whether it ends the pay-out it is about, and settles in that one's name. */
  readonly ends?: boolean;
  /** Whether velocity rules count it. */
  readonly counted?: boolean;
  /** Accounts reported though they did not change. */
  readonly reads?: readonly string[];
}

export interface Bookkeeper {
  readonly record: (partition: number, asked: AskedOperation, told: Told) => void;
  readonly repeat: (partition: number, asked: AskedOperation) => void;
  readonly garbage: (partition: number) => void;
  /** The account as it now stands. */
  readonly of: (accountId: string) => Account;
  readonly world: () => World;
}

const NO_SUMS = {
  authorizedMinor: 0n,
  capturedMinor: 0n,
  capturePendingMinor: 0n,
  refundedMinor: 0n,
  refundPendingMinor: 0n,
  disputedMinor: 0n,
  lostMinor: 0n,
};

/** `batchSize` records share one ledger number; batches of several partitions follow one another, as locks have it. */
export function createBookkeeper(partitions: number, batchSize: number): Bookkeeper {
  const lists = { asked: [], settled: [], progressed: [], deadLetters: [], operations: [], postings: [] };
  const cuts = Array.from({ length: partitions }, () => 0n);
  const kept = { corrections: [], spends: [], nextLedgerNumber: null };
  const world: World = { ...lists, cuts, bounds: [], accounts: [], payments: [], disputes: [], ...kept };
  const accounts = new Map<string, Account>();
  const payments = new Map<string, Mutable<PaymentRow>>();
  const disputes = new Map<string, Mutable<DisputeRow>>();
  const of = (accountId: string) => accounts.get(accountId) ?? UNTOUCHED;
  let batch = { partition: -1, number: 0n, size: 0 };
  let records = 0;

  const nextOffset = (partition: number): bigint => {
    const offset = world.cuts[partition] ?? 0n;
    records += 1;
    // Transaction markers take offsets too, so the log has gaps.
    world.cuts[partition] = offset + (records % 4 === 0 ? 2n : 1n);
    return offset;
  };

  const nextPlace = (partition: number) => {
    if (batch.partition !== partition || batch.size >= batchSize) {
      // Numbers have gaps: a batch that was rolled back keeps its number.
      batch = { partition, number: batch.number + (records % 5 === 0 ? 2n : 1n), size: 0 };
    }
    const place = { ledgerNumber: batch.number, index: batch.size };
    batch.size += 1;
    return place;
  };

  const record = (partition: number, asked: AskedOperation, told: Told): void => {
    const offset = nextOffset(partition);
    world.asked.push({ partition, offset, key: null, operation: { ...asked } });
    const place = nextPlace(partition);
    const full = (name: string) => {
      const isOwned = /^(?:wallet|payable|receivable):/.test(name);
      return `${asked.environment}:${name}${isOwned ? '' : `:p${partition}`}`;
    };
    const lines = (told.lines ?? []).map((text) => readLine(text, full));
    lines.forEach((line, index) => world.postings.push({ ...place, line: index, ...line }));
    const changes = addUp(
      lines,
      (told.holds ?? []).map((text) => readHold(text, full)),
    );

    for (const [name, set] of Object.entries(told.sets ?? {})) {
      const accountId = full(name);
      accounts.set(accountId, { ...of(accountId), ...set });
      if (!changes.has(accountId)) changes.set(accountId, { postedMinor: 0n, heldMinor: 0n });
    }
    for (const [accountId, change] of changes) {
      const account = of(accountId);
      const isSpender = told.spender !== undefined && accountId === full(told.spender);
      accounts.set(accountId, {
        ...account,
        postedMinor: account.postedMinor + change.postedMinor,
        heldMinor: account.heldMinor + change.heldMinor,
        version: account.version + 1n,
        // Every record of these worlds is of one day.
        spentDay: isSpender ? asked.requestedAt / DAY : account.spentDay,
        spentAmountMinor: account.spentAmountMinor + (isSpender ? change.heldMinor - change.postedMinor : 0n),
        spentCount: account.spentCount + (isSpender ? 1n : 0n),
      });
    }

    const { paymentId, environment, merchantId, customerId } = asked;
    if (told.payment !== undefined) {
      const terms = { paymentId, environment, merchantId, customerId, kind: 'payment', expiresAt: null, status: '' };
      const first = {
        ...{ ...terms, amountMinor: asked.amountMinor ?? 0n, currency: asked.currency ?? '', ...NO_SUMS },
        rulesVersion: asked.rulesVersion,
        fees: toJson(asked.fees),
        fx: asked.fx === null ? null : toJson(asked.fx),
      };
      payments.set(paymentId, { ...(payments.get(paymentId) ?? first), ...told.payment });
    }
    if (told.counted === true) {
      const subject = `${environment}:${merchantId}:${customerId}`;
      const { requestedAt, currency, amountMinor } = asked;
      world.spends.push({ subject, requestedAt, currency: currency ?? '', amountMinor: amountMinor ?? 0n });
    }
    if (asked.correction !== null && told.status === 'succeeded') {
      world.corrections.push({ ofOperationId: asked.correction.ofOperationId, operationId: asked.operationId });
    }
    if (told.dispute !== undefined) {
      const { disputeId } = told.dispute;
      const terms = { paymentId, environment, merchantId, customerId, currency: 'USD', amountMinor: 0n, feeMinor: 0n };
      const first = { disputeId, ...terms, fromReceivableMinor: 0n, source: 'merchant', status: 'open' };
      disputes.set(disputeId, { ...(disputes.get(disputeId) ?? first), ...told.dispute });
    }

    const { operationId, operation, amountMinor, currency, pass } = asked;
    const source = { sourcePartition: partition, sourceOffset: offset };
    const isOwned = (accountId: string) => /^\w+:(?:wallet|payable|receivable):/.test(accountId);
    const reported = [...changes.keys(), ...(told.reads ?? []).map(full)].filter(isOwned).toSorted();
    const balances = reported.map((accountId): ReportedBalance => {
      const { postedMinor, heldMinor, version, status, overdraftMinor } = of(accountId);
      const change = changes.get(accountId);
      return {
        accountId,
        postedChangeMinor: change?.postedMinor ?? 0n,
        heldChangeMinor: change?.heldMinor ?? 0n,
        ...{ postedMinor, heldMinor, version, status, overdraftMinor },
        changed: change !== undefined,
      };
    });
    const named = told.ends === true ? { operationId: paymentId, operation: 'pay_out' } : { operationId, operation };
    const outcome: Outcome = {
      ...{ ...named, paymentId, environment, merchantId, customerId, amountMinor, currency },
      status: told.status,
      ...source,
      ledgerNumber: place.ledgerNumber,
      ledgerIndex: place.index,
      balances,
    };
    const failureCode = told.code ?? null;
    const isAdmitted = told.status === 'in_transit';
    const row = { operationId, operation, paymentId, pass, ...source, failureCode, ...place };
    world.operations.push({ ...row, outcome: isAdmitted ? 'admitted' : told.status });
    if (isAdmitted) {
      world.progressed.push(outcome);
      return;
    }
    const payment = payments.get(paymentId);
    world.settled.push({
      ...outcome,
      paymentStatus: payment?.status ?? told.status,
      fees: told.fees ?? [],
      fx: told.fx ?? null,
      failure: failureCode === null ? null : { code: failureCode },
      payment: payment === undefined ? null : totalsOf(payment),
      decisions: told.decisions ?? null,
    });
  };

  return {
    record,
    repeat: (partition, asked) => {
      world.asked.push({ partition, offset: nextOffset(partition), key: null, operation: { ...asked } });
    },
    garbage: (partition) => {
      const offset = nextOffset(partition);
      world.asked.push({ partition, offset, key: null, operation: null });
      world.deadLetters.push({ partition, sourceOffset: offset });
    },
    of,
    world: () => ({
      ...world,
      accounts: [...accounts].map(([accountId, account]) => ({
        accountId,
        currency: /:(?<currency>[A-Z]{3})(?::p\d+)?$/.exec(accountId)?.groups?.['currency'] ?? '',
        ...account,
      })),
      payments: [...payments.values()],
      disputes: [...disputes.values()],
    }),
  };
}

type Line = Pick<PostingRow, 'debitAccount' | 'creditAccount' | 'currency' | 'amountMinor'>;

function readLine(text: string, full: (name: string) => string): Line {
  const [, debited, credited, amount] = /^(\S+) > (\S+) (\d+)$/.exec(text) ?? [];
  if (debited === undefined || credited === undefined || amount === undefined) throw new Error(`no line: "${text}"`);
  const currency = debited.slice(-3);
  return { debitAccount: full(debited), creditAccount: full(credited), currency, amountMinor: BigInt(amount) };
}

function readHold(text: string, full: (name: string) => string): [accountId: string, amountMinor: bigint] {
  const [name, amount] = text.split(' ');
  if (name === undefined || amount === undefined) throw new Error(`no hold: "${text}"`);
  return [full(name), BigInt(amount)];
}

function addUp(lines: readonly Line[], holds: readonly (readonly [string, bigint])[]) {
  const changes = new Map<string, { postedMinor: bigint; heldMinor: bigint }>();
  const of = (accountId: string) => {
    const change = changes.get(accountId) ?? { postedMinor: 0n, heldMinor: 0n };
    changes.set(accountId, change);
    return change;
  };
  for (const { debitAccount, creditAccount, amountMinor } of lines) {
    of(debitAccount).postedMinor -= amountMinor;
    of(creditAccount).postedMinor += amountMinor;
  }
  for (const [accountId, amountMinor] of holds) of(accountId).heldMinor += amountMinor;
  return changes;
}

/** As the books write it: bigints as text. */
function toJson(value: object): string {
  return JSON.stringify(value, (_name, each: unknown) => (typeof each === 'bigint' ? String(each) : each));
}

function totalsOf(row: PaymentRow): NonNullable<SettledRecord['payment']> {
  const { authorizedMinor, capturedMinor, capturePendingMinor, refundedMinor, refundPendingMinor, disputedMinor } = row;
  return { authorizedMinor, capturedMinor, capturePendingMinor, refundedMinor, refundPendingMinor, disputedMinor };
}
