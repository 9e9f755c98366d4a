// The gate agrees with the ledger's rules about every status there is, and about every sum.
import { statuses } from '@paystream/payments';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Allowed } from './rules.ts';
import { allowCapture, allowRefund, refusalOfHold } from './rules.ts';

const sums = { authorizedMinor: 100n, capturedMinor: 60n, refundedMinor: 20n, disputedMinor: 10n };

function outcomeOf(allowed: Allowed): string {
  return 'refusal' in allowed ? allowed.refusal : String(allowed.amountMinor);
}

test('every status has its answer', () => {
  const answers = Object.fromEntries(
    statuses.map((status) => [
      status,
      [
        outcomeOf(allowCapture({ status, sums }, null)),
        refusalOfHold(status) ?? 'canceled',
        outcomeOf(allowRefund({ status, sums }, null)),
      ],
    ]),
  );
  const notYet = ['payment_not_capturable', 'payment_not_capturable', 'refund_exceeds_captured'];
  expect(answers).toEqual({
    ...{ requested: notYet, processing: notYet, requires_action: notYet, failed: notYet, manual_review: notYet },
    authorized: ['40', 'canceled', 'refund_exceeds_captured'],
    partially_captured: ['40', 'canceled', 'refund_exceeds_captured'],
    succeeded: ['already_captured', 'already_captured', '30'],
    partially_refunded: ['already_captured', 'already_captured', '30'],
    refunded: ['already_captured', 'already_captured', 'refund_exceeds_captured'],
    disputed: ['already_captured', 'already_captured', 'payment_disputed'],
    charged_back: ['already_captured', 'already_captured', 'payment_disputed'],
    canceled: ['already_voided', 'already_voided', 'refund_exceeds_captured'],
    expired: ['hold_expired', 'hold_expired', 'refund_exceeds_captured'],
  });
});

test('never more than is left, whatever was captured, refunded and disputed', () => {
  const part = fc.bigInt({ min: 0n, max: 1_000n });
  fc.assert(
    fc.property(part, part, part, part, part, (captured, more, refunded, disputed, asked) => {
      const state = { authorizedMinor: captured + more, capturedMinor: captured, refundedMinor: refunded };
      const standing = { sums: { ...state, disputedMinor: disputed } };
      const capture = allowCapture({ ...standing, status: 'partially_captured' }, asked);
      expect('amountMinor' in capture).toBe(asked <= more);
      const refund = allowRefund({ ...standing, status: 'partially_refunded' }, asked);
      expect('amountMinor' in refund).toBe(captured > refunded + disputed && asked <= captured - refunded - disputed);
    }),
  );
});
