// Owns everything the proof has derived so far, and takes over one operation after the other.

import type { AccountChange, Balances } from './balances.ts';
import { createBalances } from './balances.ts';
import type { FeeTaken } from './fee-line.ts';
import type { AskedOperation, Conversion } from './inputs.ts';
import type { Changes, Hold, Movement } from './movements.ts';
import { changesOf, NO_CHANGE } from './movements.ts';
import type { Dispute, Payment, Payments } from './payments.ts';
import { createPayments } from './payments.ts';
import { spentOn } from './rules/limits.ts';
import type { Spends } from './spends.ts';
import { createSpends } from './spends.ts';

/** What an operation does when it takes effect. */
export interface Effect {
  readonly movements: readonly Movement[];
  readonly holds: readonly Hold[];
  /** Fees taken, or given back when below zero, and the conversion made: what `payment.settled` has to say of them. */
  readonly fees: readonly FeeTaken[];
  readonly fx: Conversion | null;
  /** The payment and the dispute as they are after it; null when it changes none. */
  readonly payment: Payment | null;
  readonly dispute: Dispute | null;
  /** What a command sets on its account. */
  readonly command: AccountChange | null;
  /** The account whose daily limits it is subject to. */
  readonly spender: string | null;
  /** The operation it corrects. */
  readonly corrected: string | null;
}

export const NO_EFFECT: Effect = {
  movements: [],
  holds: [],
  fees: [],
  fx: null,
  payment: null,
  dispute: null,
  command: null,
  spender: null,
  corrected: null,
};

export interface State {
  readonly balances: Balances;
  readonly payments: Payments;
  /** By dispute id. */
  readonly disputes: Map<string, Dispute>;
  readonly spends: Spends;
  /** By operation that was corrected, the correction. */
  readonly corrected: Map<string, string>;
}

export function createState(): State {
  return {
    balances: createBalances(),
    payments: createPayments(),
    disputes: new Map(),
    spends: createSpends(),
    corrected: new Map(),
  };
}

/** Takes the effect over; returns which accounts it changed, and how: a command changes its account by nothing. */
export function applyEffect(state: State, asked: AskedOperation, effect: Effect): Changes {
  const changes = changesOf(effect.movements, effect.holds);
  const settings: AccountChange[] = [];
  if (effect.command !== null) settings.push(effect.command);
  if (effect.spender !== null) {
    const account = state.balances.of(effect.spender);
    settings.push({ accountId: effect.spender, set: spentOn(account, changes.get(effect.spender), asked.requestedAt) });
  }
  state.balances.apply(changes, settings);

  if (effect.payment !== null) state.payments.set(effect.payment);
  if (effect.dispute !== null) state.disputes.set(effect.dispute.disputeId, effect.dispute);
  if (effect.corrected !== null) state.corrected.set(effect.corrected, asked.operationId);
  const { operation, velocity, amountMinor, currency, requestedAt } = asked;
  const isCounted = effect.spender !== null && operation !== 'pay_out' && velocity !== null && velocity.length > 0;
  if (isCounted && amountMinor !== null && currency !== null) {
    state.spends.add(asked, { requestedAt, currency, amountMinor });
  }
  return effect.command === null ? changes : new Map([...changes, [effect.command.accountId, NO_CHANGE]]);
}
