// The life of a payment: every edge of the table is walked, and no edge exists beside them.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PaymentEvent, PaymentState } from './index.ts';
import { isTerminal, nextState, paymentEvents, statuses, statusOf, transitions } from './index.ts';

const states: readonly (PaymentState | null)[] = [null, ...statuses, 'outcome_unknown'];

/** The whole machine once more, spelled out: a change of the table has to be made here as well, on purpose. */
const EDGES = `
  - accepted requested
  requested refused failed
  requested dispatched processing
  processing action_required requires_action
  requires_action action_done processing
  requires_action action_timed_out expired
  requires_action cancel_asked canceled
  processing declined_route_left processing
  processing declined failed
  processing funds_missing failed
  processing outcome_lost outcome_unknown
  outcome_unknown outcome_authorized authorized
  outcome_unknown outcome_succeeded succeeded
  outcome_unknown outcome_failed failed
  outcome_unknown outcome_not_found manual_review
  processing funds_held authorized
  processing posted succeeded
  processing amount_differed manual_review
  authorized captured_in_full succeeded
  partially_captured captured_in_full succeeded
  authorized captured_in_part partially_captured
  partially_captured captured_in_part partially_captured
  authorized capture_failed authorized
  partially_captured capture_failed partially_captured
  authorized voided canceled
  partially_captured voided succeeded
  authorized hold_expired expired
  partially_captured hold_expired succeeded
  succeeded refunded_in_part partially_refunded
  partially_refunded refunded_in_part partially_refunded
  succeeded refunded_in_full refunded
  partially_refunded refunded_in_full refunded
  succeeded dispute_opened disputed
  partially_refunded dispute_opened disputed
  disputed dispute_opened disputed
  disputed dispute_won succeeded
  disputed dispute_won partially_refunded
  disputed dispute_won disputed
  disputed dispute_won charged_back
  disputed dispute_lost charged_back
  disputed dispute_lost disputed
  manual_review resolved processing
  manual_review resolved authorized
  manual_review resolved succeeded
  manual_review resolved failed
  manual_review resolved canceled
  manual_review resolved expired
  manual_review resolved refunded
  manual_review resolved charged_back
`
  .trim()
  .split('\n')
  .map((line) => line.trim());

test.each(EDGES)('%s', (edge) => {
  const [from, event, to] = edge.split(' ');
  const step = nextState(
    from === '-' ? null : (from as PaymentState), // the list above is spelled in states and events
    event as PaymentEvent,
    to as PaymentState,
  );
  expect(step).toEqual({ ok: true, to });
});

test('there is no edge beside these', () => {
  const edges = new Set(EDGES);
  const anything = fc.tuple(fc.constantFrom(...states), fc.constantFrom(...paymentEvents), fc.constantFrom(...states));
  fc.assert(
    fc.property(anything, ([from, event, to]) => {
      if (to === null || edges.has(`${from ?? '-'} ${event} ${to}`)) return;
      expect(nextState(from, event, to).ok).toBe(false);
    }),
    { numRuns: 5_000 },
  );
});

test('an event with one target needs no name for it; one with several does', () => {
  expect(nextState('processing', 'posted')).toEqual({ ok: true, to: 'succeeded' });
  expect(nextState('disputed', 'dispute_won')).toEqual({ ok: false, reason: 'target_not_named' });
  expect(nextState('disputed', 'dispute_won', 'refunded')).toEqual({ ok: false, reason: 'target_not_allowed' });
  expect(nextState('failed', 'posted')).toEqual({ ok: false, reason: 'not_from_this_state' });
});

test('exactly the bold statuses are terminal', () => {
  expect(statuses.filter(isTerminal)).toEqual(['refunded', 'charged_back', 'failed', 'canceled', 'expired']);
});

test('every status can be reached, and every event leads somewhere', () => {
  const reached = new Set(transitions.flatMap(({ to }) => to));
  expect(statuses.filter((status) => !reached.has(status))).toEqual([]);
  const events = new Set(transitions.map(({ event }) => event));
  expect(paymentEvents.filter((event) => !events.has(event))).toEqual([]);
});

test('a merchant sees an unknown outcome as processing', () => {
  expect(statusOf('outcome_unknown')).toBe('processing');
  for (const status of statuses) expect(statusOf(status)).toBe(status);
});
