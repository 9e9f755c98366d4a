// Decides by itself what each operation had to do: the rules of docs/operations.md, written a second time from that page.

import type { AskedOperation, RuleDecision } from './inputs.ts';
import type { OperationRow } from './rows.ts';
import { commandAccount } from './rules/account-command.ts';
import { accountNames } from './rules/account-names.ts';
import { cancel, capture, expire } from './rules/capture.ts';
import { correct } from './rules/correct.ts';
import { dispute } from './rules/dispute.ts';
import { findObstacle, leavesBounds } from './rules/obstacles.ts';
import { authorize, pay } from './rules/pay.ts';
import { payOut, payOutReported } from './rules/pay-out.ts';
import type { Proposal, Scene } from './rules/proposal.ts';
import { unlawful } from './rules/proposal.ts';
import { refund } from './rules/refund.ts';
import { payOutReturned } from './rules/return.ts';
import { topUp } from './rules/top-up.ts';
import { transfer } from './rules/transfer.ts';
import type { Effect, State } from './state.ts';
import { NO_EFFECT } from './state.ts';

/** Rules this proof knows; an operation says by which it is to be judged. */
export const RULES_VERSION = 1;

export type Status = 'succeeded' | 'failed' | 'manual_review' | 'in_transit';

export interface Verdict {
  readonly kind: 'verdict';
  readonly status: Status;
  readonly code: string | null;
  /** What it does; of a decline what it would have done, so that a wrong approval can be followed. */
  readonly effect: Effect;
  /** A fact or an outcome takes effect however it settles; a decision of ours only when it does not fail. */
  readonly isOurs: boolean;
  /** It ends the pay-out it is about, and so settles in that one's name. */
  readonly ends: boolean;
  /** Of a decline: the account that stood in the way, and the limit or rule that refused. */
  readonly accountId: string | null;
  readonly decision: RuleDecision | null;
}

export type Ruling = Verdict | { readonly kind: 'unlawful'; readonly why: string };

export interface Circumstances {
  readonly partition: number;
  readonly state: State;
  readonly decidedBefore?: OperationRow | undefined;
}

/** What had to become of the operation, given everything before it; house accounts are those of the partition. */
export function ruleOn(asked: AskedOperation, { partition, state, decidedBefore }: Circumstances): Ruling {
  if (asked.rulesVersion !== RULES_VERSION)
    return { kind: 'unlawful', why: `it asks for rules version ${asked.rulesVersion}` };
  const names = accountNames(asked.environment, partition);
  const scene: Scene = { state, names, payment: state.payments.find(asked), decidedBefore };
  const proposal = propose(asked, scene);
  if (proposal.kind === 'unlawful') return proposal;
  const verdict = {
    kind: 'verdict',
    isOurs: asked.kind === 'priced' || asked.kind === 'refused',
    accountId: null,
    decision: null,
    ends: false,
  } as const;
  if (proposal.kind === 'decline') {
    const { code, accountId } = proposal;
    return { ...verdict, status: 'failed', code, accountId, effect: NO_EFFECT };
  }
  const { effect, status, code, ends } = proposal;
  if (!verdict.isOurs) {
    if (leavesBounds(effect, state)) return { ...verdict, status: 'manual_review', code: null, effect: NO_EFFECT };
    return { ...verdict, status, code, effect, ends };
  }
  const obstacle = effect.command === null ? findObstacle(asked, effect, state) : null;
  if (obstacle !== null) return { ...verdict, ...obstacle, status: 'failed', effect };
  return { ...verdict, status, code, effect };
}

function propose(asked: AskedOperation, scene: Scene): Proposal {
  const { kind, pass, operation } = asked;
  switch (kind) {
    case 'refused':
      if (pass !== 1) break;
      if (asked.failure === null) return unlawful('it was refused without a reason');
      return { kind: 'decline', code: asked.failure.code, accountId: null };
    case 'priced':
      if (pass !== 1) break;
      return proposeOurs(asked, scene);
    case 'fact':
      if (pass !== 1) break;
      if (operation === 'dispute') return dispute(asked, scene);
      if (operation === 'return') return payOutReturned(asked, scene);
      if (operation === 'report') return payOutReported(asked, scene);
      return unlawful(`"${operation}" is not a fact`);
    case 'outcome':
      // As the first version told it: no report with an id of its own, but a second record of the pay-out.
      if (pass !== 2 || operation !== 'pay_out') break;
      return payOutReported(asked, scene);
    default:
      return unlawful(`its kind "${kind}" is not known`);
  }
  return unlawful(`pass ${pass} is not expected of a ${operation} that is ${kind}`);
}

function proposeOurs(asked: AskedOperation, scene: Scene): Proposal {
  const { operation } = asked;
  switch (operation) {
    case 'pay':
      return pay(asked, scene);
    case 'authorize':
      return authorize(asked, scene);
    case 'capture':
      return capture(asked, scene);
    case 'cancel':
      return cancel(asked, scene);
    case 'expire':
      return expire(asked, scene);
    case 'refund':
      return refund(asked, scene);
    case 'top_up':
      return topUp(asked, scene);
    case 'transfer':
      return transfer(asked, scene);
    case 'pay_out':
      return payOut(asked, scene);
    case 'correct':
      return correct(asked, scene);
    case 'freeze':
    case 'unfreeze':
    case 'close':
    case 'limit':
      return commandAccount(operation, asked, scene);
    default:
      return unlawful(`operation "${operation}" is not known`);
  }
}
