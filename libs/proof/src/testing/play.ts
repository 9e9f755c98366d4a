// Plays records one after the other on an empty state and says in short what became of each.

import type { AskedOperation } from '../inputs.ts';
import { changesOf } from '../movements.ts';
import type { OperationRow } from '../rows.ts';
import { ruleOn } from '../rules.ts';
import { applyEffect, createState } from '../state.ts';
import type { State } from '../state.ts';
import { ask } from './ask.ts';

/** Everything happens on this partition; short names leave it out. */
const PARTITION = 4;

export interface Played {
  readonly state: State;
  /** Of each record: its lines, its holds, and how it settles with the payment's status after it. */
  readonly told: readonly string[][];
  /** What the last one came to. */
  readonly last: readonly string[];
}

/** Records take effect unless they are declined; `cus_ann` and others are funded beforehand. */
export function play(funds: Record<string, bigint>, records: readonly Partial<AskedOperation>[]): Played {
  const state = createState();
  const decided = new Map<string, OperationRow>();
  const deposits = Object.entries(funds).map(([account, amountMinor]) => ({
    debitAccount: 'test:world:USD:p9',
    creditAccount: `test:${account}`,
    currency: 'USD',
    amountMinor,
  }));
  state.balances.apply(changesOf(deposits, []), []);

  const told = records.map((record, index) => {
    const asked = ask({ operationId: `${record.operation ?? 'pay'}_${index + 1}`, ...record });
    const decidedBefore = decided.get(asked.correction?.ofOperationId ?? '');
    const ruling = ruleOn(asked, { partition: PARTITION, state, decidedBefore });
    if (ruling.kind === 'unlawful') return [`unlawful: ${ruling.why}`];
    const { status, code, effect, isOurs } = ruling;
    decided.set(asked.operationId, rowOf(asked, status, index));
    const takesEffect = !isOurs || status !== 'failed';
    if (takesEffect) applyEffect(state, asked, effect);
    const payment = state.payments.find(asked);
    const decision = ruling.decision;
    return [
      ...(takesEffect ? effect.movements : []).map(
        (line) => `${short(line.debitAccount)} > ${short(line.creditAccount)} ${line.amountMinor}`,
      ),
      ...(takesEffect ? effect.holds : []).map((held) => `hold ${short(held.accountId)} ${held.amountMinor}`),
      ...(decision === null ? [] : [`${decision.ruleId}: ${decision.observed} of ${decision.bound}`]),
      [status, code, payment === undefined ? null : `(${payment.status})`].filter((word) => word !== null).join(' '),
    ];
  });
  return { state, told, last: told.at(-1) ?? [] };
}

function rowOf(asked: AskedOperation, outcome: string, index: number): OperationRow {
  const { operationId, operation, paymentId, pass } = asked;
  const source = { sourcePartition: PARTITION, sourceOffset: BigInt(index) };
  return { operationId, operation, paymentId, pass, outcome, failureCode: null, ledgerNumber: 1n, index, ...source };
}

/** The account without what is the same in every test: the environment, this partition, and who owns it. */
function short(accountId: string): string {
  return accountId.replace(/^test:/, '').replace(`:p${PARTITION}`, '');
}
