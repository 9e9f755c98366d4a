// Says what a rule may answer: that a record is unlawful, that the operation is declined, or what it does.

import type { Payment } from '../payments.ts';
import type { OperationRow } from '../rows.ts';
import type { Effect, State } from '../state.ts';
import { NO_EFFECT } from '../state.ts';
import type { AccountNames } from './account-names.ts';

/** What a rule sees beside the record; it changes nothing of it. */
export interface Scene {
  readonly state: State;
  readonly names: AccountNames;
  /** The payment that the record is about; undefined when there is none. */
  readonly payment: Payment | undefined;
  /** How the operation that a correction names was decided last before it, from the same partition. */
  readonly decidedBefore: OperationRow | undefined;
}

export type Proposal =
  | { readonly kind: 'unlawful'; readonly why: string }
  | { readonly kind: 'decline'; readonly code: string; readonly accountId: string | null }
  | {
      readonly kind: 'effect';
      readonly effect: Effect;
      /** What it settles as, unless something stands in the way. */
      readonly status: 'succeeded' | 'failed' | 'manual_review' | 'in_transit';
      /** Only of what failed outside. */
      readonly code: string | null;
      /** Whether it ends the pay-out it is about, and so settles in that one's name. */
      readonly ends: boolean;
    };

export function unlawful(why: string): Proposal {
  return { kind: 'unlawful', why };
}

/** `accountId` names the account that stood in the way, where one did. */
export function decline(code: string, accountId: string | null = null): Proposal {
  return { kind: 'decline', code, accountId };
}

export function succeed(effect: Partial<Effect>): Proposal {
  return { kind: 'effect', effect: { ...NO_EFFECT, ...effect }, status: 'succeeded', code: null, ends: false };
}

export function admit(effect: Partial<Effect>): Proposal {
  return { kind: 'effect', effect: { ...NO_EFFECT, ...effect }, status: 'in_transit', code: null, ends: false };
}

export function failOutside(code: string, effect: Partial<Effect>): Proposal {
  return { kind: 'effect', effect: { ...NO_EFFECT, ...effect }, status: 'failed', code, ends: false };
}

export function review(effect: Partial<Effect>): Proposal {
  return { kind: 'effect', effect: { ...NO_EFFECT, ...effect }, status: 'manual_review', code: null, ends: false };
}

/** The same, as the end of the pay-out it is about. */
export function ending(proposal: Proposal): Proposal {
  return proposal.kind === 'effect' ? { ...proposal, ends: true } : proposal;
}
