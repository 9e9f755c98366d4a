// Follows the outcomes that the gateway has taken, and compares all it shows of them: answers, balances, transactions, states.

import type { Differences } from '../differences.ts';
import type { PaymentTotals } from '../inputs.ts';
import { comparePlaces } from '../place.ts';
import type { Place } from '../rows.ts';
import type { DigestOf } from './digest-table.ts';
import type { Shown, ShownAdmission, ShownBalance, ShownOutcome } from './shown.ts';
import {
  digitsOf,
  isMerchants,
  merchantTransactions,
  outcomeRow,
  shownAdmission,
  shownOutcome,
  walletTransactions,
} from './shown.ts';
import type { ViewTable } from './view.ts';
import { compareNewest, createView } from './view.ts';

/** Everything the gateway shows, as one picture of its database has it. */
export interface GatewayTables {
  readonly outcomes: ViewTable;
  readonly transactions: ViewTable;
  readonly merchantTransactions: ViewTable;
  readonly balances: ViewTable;
  readonly merchantBalances: ViewTable;
  readonly states: ViewTable;
}

export interface MerchantViewsOptions {
  readonly tables: GatewayTables;
  /** By partition, what the picture has taken of payment.settled and of payment.progressed, exclusive. */
  readonly settledCuts: ReadonlyMap<number, bigint>;
  readonly progressedCuts: ReadonlyMap<number, bigint>;
  /** Whether the gateway knows the payment, by the digits of its id. */
  readonly isKnown: (digits: string) => boolean;
  readonly digestOf: DigestOf;
  readonly differences: Differences;
}

/** A record with its place on its topic. */
export interface AtOffset {
  readonly partition: number;
  readonly offset: bigint;
}

export interface MerchantViews {
  readonly load: () => Promise<void>;
  readonly settled: (outcome: ShownOutcome, at: AtOffset) => void;
  readonly progressed: (admission: ShownAdmission, at: AtOffset) => void;
  readonly finish: () => Promise<void>;
}

interface Newest {
  readonly version: bigint;
  readonly text: string;
}

interface State extends Place {
  readonly text: string;
}

export function createMerchantViews(options: MerchantViewsOptions): MerchantViews {
  const { tables, settledCuts, progressedCuts, isKnown, differences } = options;
  const outcomes = createView(tables.outcomes, options);
  const transactions = createView(tables.transactions, options);
  const merchants = createView(tables.merchantTransactions, options);
  const views = [outcomes, transactions, merchants];
  const balances = new Map<string, Newest>();
  const merchantBalances = new Map<string, Newest>();
  const states = new Map<string, State>();

  const addAccounts = (shown: Shown): void => {
    for (const row of walletTransactions(shown)) transactions.expect(row);
    for (const row of merchantTransactions(shown)) merchants.expect(row);
    for (const balance of shown.balances) {
      const { kind, ownerId, currency } = balance;
      if (kind === 'wallet') keepNewest(balances, `${digitsOf(ownerId)}/${currency}`, balance);
      const key = [digitsOf(ownerId), shown.environment, kind, currency].join('/');
      if (isMerchants(balance)) keepNewest(merchantBalances, key, balance);
    }
  };
  const addState = (digits: string, place: Place, text: string): void => {
    const known = states.get(digits);
    const { ledgerNumber, index } = place;
    if (known === undefined || comparePlaces(place, known) > 0) states.set(digits, { ledgerNumber, index, text });
  };

  return {
    load: async () => {
      for (const view of views) await view.load();
    },
    settled: (outcome, { partition, offset }) => {
      if (offset >= (settledCuts.get(partition) ?? 0n)) return;
      const row = outcomeRow(outcome);
      if (row !== null) outcomes.expect(row);
      addAccounts(shownOutcome(outcome));
      const digits = digitsOf(outcome.paymentId);
      if (!changesState(outcome) || !isKnown(digits)) return;
      const place = { ledgerNumber: outcome.ledgerNumber, index: outcome.ledgerIndex };
      addState(digits, place, sayState(outcome.paymentStatus, outcome.payment, place));
    },
    progressed: (admission, { partition, offset }) => {
      if (offset >= (progressedCuts.get(partition) ?? 0n)) return;
      addAccounts(shownAdmission(admission));
      const place = { ledgerNumber: admission.ledgerNumber, index: admission.ledgerIndex };
      addState(digitsOf(admission.paymentId), place, sayState(admission.status, null, place));
    },
    finish: async () => {
      for (const view of views) await view.finish();
      await compareNewest(tables.balances, balances, differences);
      await compareNewest(tables.merchantBalances, merchantBalances, differences);
      await compareNewest(tables.states, states, differences);
    },
  };
}

function keepNewest(newest: Map<string, Newest>, key: string, balance: ShownBalance): void {
  const { version } = balance;
  if ((newest.get(key)?.version ?? -1n) < version) newest.set(key, { version, text: sayBalance(balance) });
}

export function sayBalance({
  postedMinor,
  heldMinor,
  version,
}: Pick<ShownBalance, 'postedMinor' | 'heldMinor' | 'version'>) {
  return `posted ${postedMinor}, held ${heldMinor}, version ${version}`;
}

/** Whether it makes something of a payment that the payment's first answer does not tell. */
function changesState({ operation, status, payment, paymentId }: ShownOutcome): boolean {
  if (operation === 'pay' || !/^(?:pay|po)_/.test(paymentId)) return false;
  return operation === 'pay_out' || (status !== 'failed' && payment !== null);
}

export function sayState(
  status: string,
  sums: Pick<PaymentTotals, 'authorizedMinor' | 'capturedMinor' | 'refundedMinor' | 'disputedMinor'> | null,
  { ledgerNumber, index }: Place,
): string {
  const { authorizedMinor = 0n, capturedMinor = 0n, refundedMinor = 0n, disputedMinor = 0n } = sums ?? {};
  const said = `authorized ${authorizedMinor}, captured ${capturedMinor}, refunded ${refundedMinor}`;
  return `${status}, ${said}, disputed ${disputedMinor}, as of ledger ${ledgerNumber}/${index}`;
}
