// Decides which step of a payment's life may follow which; code, documents and tests all read this one table.

/** What a merchant sees. */
export const statuses = [
  'requested',
  'processing',
  'requires_action',
  'authorized',
  'partially_captured',
  'succeeded',
  'partially_refunded',
  'refunded',
  'disputed',
  'charged_back',
  'failed',
  'canceled',
  'expired',
  'manual_review',
] as const;

export type PaymentStatus = (typeof statuses)[number];

/** A payment whose provider did not say what happened is `processing` to the merchant, but may do other things. */
export type PaymentState = PaymentStatus | 'outcome_unknown';

export const paymentEvents = [
  'accepted',
  'refused',
  'dispatched',
  'action_required',
  'action_done',
  'action_timed_out',
  'cancel_asked',
  'declined_route_left',
  'declined',
  'funds_missing',
  'outcome_lost',
  'outcome_authorized',
  'outcome_succeeded',
  'outcome_failed',
  'outcome_not_found',
  'funds_held',
  'posted',
  'amount_differed',
  'captured_in_full',
  'captured_in_part',
  'capture_failed',
  'voided',
  'hold_expired',
  'refunded_in_part',
  'refunded_in_full',
  'dispute_opened',
  'dispute_won',
  'dispute_lost',
  'resolved',
] as const;

export type PaymentEvent = (typeof paymentEvents)[number];

/** One row: what happens to a payment in one of these states, and where it then is. */
export interface Transition {
  /** Null: there is no payment yet. */
  from: readonly (PaymentState | null)[];
  event: PaymentEvent;
  /** What it means, for the documents. */
  meaning: string;
  /** One state; or several, of which the event has to name one. */
  to: readonly [PaymentState, ...PaymentState[]];
}

export const transitions: readonly Transition[] = [
  { from: [null], event: 'accepted', meaning: 'the gateway accepted it', to: ['requested'] },
  { from: ['requested'], event: 'refused', meaning: 'validation, a rule or a limit refuses', to: ['failed'] },
  { from: ['requested'], event: 'dispatched', meaning: 'priced, sent to a provider or the ledger', to: ['processing'] },
  { from: ['processing'], event: 'action_required', meaning: 'challenge or redirect', to: ['requires_action'] },
  { from: ['requires_action'], event: 'action_done', meaning: 'the customer came back', to: ['processing'] },
  { from: ['requires_action'], event: 'action_timed_out', meaning: 'the customer did not come back', to: ['expired'] },
  { from: ['requires_action'], event: 'cancel_asked', meaning: 'the merchant cancels', to: ['canceled'] },
  { from: ['processing'], event: 'declined_route_left', meaning: 'a new attempt elsewhere', to: ['processing'] },
  { from: ['processing'], event: 'declined', meaning: 'declined, no route left', to: ['failed'] },
  { from: ['processing'], event: 'funds_missing', meaning: 'the ledger lacks the funds', to: ['failed'] },
  { from: ['processing'], event: 'outcome_lost', meaning: 'timeout or unreadable answer', to: ['outcome_unknown'] },
  { from: ['outcome_unknown'], event: 'outcome_authorized', meaning: 'asked again: it is held', to: ['authorized'] },
  { from: ['outcome_unknown'], event: 'outcome_succeeded', meaning: 'asked again: it is paid', to: ['succeeded'] },
  { from: ['outcome_unknown'], event: 'outcome_failed', meaning: 'asked again: it is declined', to: ['failed'] },
  {
    from: ['outcome_unknown'],
    event: 'outcome_not_found',
    meaning: 'still not known after the deadline',
    to: ['manual_review'],
  },
  { from: ['processing'], event: 'funds_held', meaning: 'held, to be captured', to: ['authorized'] },
  { from: ['processing'], event: 'posted', meaning: 'posted, captured automatically', to: ['succeeded'] },
  { from: ['processing'], event: 'amount_differed', meaning: "the provider's amount differs", to: ['manual_review'] },
  {
    from: ['authorized', 'partially_captured'],
    event: 'captured_in_full',
    meaning: 'captured in full, or finally',
    to: ['succeeded'],
  },
  {
    from: ['authorized', 'partially_captured'],
    event: 'captured_in_part',
    meaning: 'captured in part, more to come',
    to: ['partially_captured'],
  },
  { from: ['authorized'], event: 'capture_failed', meaning: 'the hold stays', to: ['authorized'] },
  { from: ['partially_captured'], event: 'capture_failed', meaning: 'the rest stays held', to: ['partially_captured'] },
  { from: ['authorized'], event: 'voided', meaning: 'void asked', to: ['canceled'] },
  { from: ['partially_captured'], event: 'voided', meaning: 'the rest is given back', to: ['succeeded'] },
  { from: ['authorized'], event: 'hold_expired', meaning: 'the hold ran out', to: ['expired'] },
  { from: ['partially_captured'], event: 'hold_expired', meaning: 'the rest ran out', to: ['succeeded'] },
  {
    from: ['succeeded', 'partially_refunded'],
    event: 'refunded_in_part',
    meaning: 'refunds sum to a part',
    to: ['partially_refunded'],
  },
  {
    from: ['succeeded', 'partially_refunded'],
    event: 'refunded_in_full',
    meaning: 'refunds sum to all',
    to: ['refunded'],
  },
  {
    from: ['succeeded', 'partially_refunded', 'disputed'],
    event: 'dispute_opened',
    meaning: 'disputed',
    to: ['disputed'],
  },
  {
    from: ['disputed'],
    event: 'dispute_won',
    meaning: 'as before the dispute, unless another one is open or was lost',
    to: ['succeeded', 'partially_refunded', 'disputed', 'charged_back'],
  },
  {
    from: ['disputed'],
    event: 'dispute_lost',
    meaning: 'the money went back; another one may be open',
    to: ['charged_back', 'disputed'],
  },
  {
    from: ['manual_review'],
    event: 'resolved',
    meaning: "an operator's decision, with a reason, on the log",
    to: ['processing', 'authorized', 'succeeded', 'failed', 'canceled', 'expired', 'refunded', 'charged_back'],
  },
];

export type Step =
  | { ok: true; to: PaymentState }
  | { ok: false; reason: 'not_from_this_state' | 'target_not_named' | 'target_not_allowed' };

const edges = edgesByEvent();

/**
 * Where an event takes a payment. `target` is needed where the table offers several, as a won dispute's previous state,
 * and must be among them everywhere else too.
 */
export function nextState(from: PaymentState | null, event: PaymentEvent, target?: PaymentState): Step {
  const to = edges.get(event)?.get(from);
  if (to === undefined) return { ok: false, reason: 'not_from_this_state' };
  if (target === undefined) {
    return to.length === 1 ? { ok: true, to: to[0] } : { ok: false, reason: 'target_not_named' };
  }
  return to.includes(target) ? { ok: true, to: target } : { ok: false, reason: 'target_not_allowed' };
}

/** What the merchant sees of a state. */
export function statusOf(state: PaymentState): PaymentStatus {
  return state === 'outcome_unknown' ? 'processing' : state;
}

const left: ReadonlySet<PaymentState | null> = new Set(transitions.flatMap(({ from }) => from));

/** True for `failed`, `canceled`, `expired`, `refunded`, `charged_back`: nothing leads out of them. */
export function isTerminal(state: PaymentState): boolean {
  return !left.has(state);
}

export function isPaymentStatus(text: string): text is PaymentStatus {
  return (statuses as readonly string[]).includes(text); // `includes` wants the narrower type it is about to establish
}

function edgesByEvent(): Map<PaymentEvent, Map<PaymentState | null, Transition['to']>> {
  const byEvent = new Map<PaymentEvent, Map<PaymentState | null, Transition['to']>>();
  for (const { from, event, to } of transitions) {
    const byState = byEvent.get(event) ?? new Map<PaymentState | null, Transition['to']>();
    for (const state of from) byState.set(state, to);
    byEvent.set(event, byState);
  }
  return byEvent;
}
