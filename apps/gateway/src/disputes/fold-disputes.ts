// Works out where disputes stand after what was settled: a fact moves one on, whatever comes again changes nothing.
import { HOUSE_MERCHANT_ID } from '@paystream/payments';
import type { OutsideFact, PaymentSettled } from '@paystream/topics';
import { uuidOf } from '../operation-id.ts';
import type { DisputeStatus, StoredDispute } from '../store/stored-dispute.ts';

interface DisputeFact {
  uuid: string;
  fact: OutsideFact;
  settled: PaymentSettled;
}

/** The facts of a batch about disputes of merchants, in order; those of the house are nobody's to see. */
export function disputeFacts(batch: readonly PaymentSettled[]): DisputeFact[] {
  return batch.flatMap((settled) => {
    const { operation, fact, merchantId } = settled;
    if (operation !== 'dispute' || fact === null || merchantId === HOUSE_MERCHANT_ID) return [];
    const uuid = uuidOf('dp', fact.disputeId ?? '');
    return uuid === undefined || uuidOf('mer', merchantId) === undefined ? [] : [{ uuid, fact, settled }];
  });
}

/** The disputes that the facts change, as they are after the last of them. */
export function foldDisputes(
  facts: readonly DisputeFact[],
  known: ReadonlyMap<string, StoredDispute>,
): StoredDispute[] {
  const changed = new Map<string, StoredDispute>();
  for (const each of facts) {
    const before = changed.get(each.uuid) ?? known.get(each.uuid);
    if (before === undefined || isLater(each.settled, before)) changed.set(each.uuid, after(each, before));
  }
  return [...changed.values()];
}

function isLater({ ledgerNumber, ledgerIndex }: PaymentSettled, before: StoredDispute): boolean {
  if (ledgerNumber !== before.ledgerNumber) return ledgerNumber > before.ledgerNumber;
  return ledgerIndex > before.ledgerIndex;
}

function after({ uuid, fact, settled }: DisputeFact, before: StoredDispute | undefined): StoredDispute {
  const { ledgerNumber, ledgerIndex, settledAt } = settled;
  const moved = { status: nextStatus(fact, settled, before), updatedAtMicros: settledAt, ledgerNumber, ledgerIndex };
  if (before !== undefined) return { ...before, ...moved };
  return {
    ...moved,
    uuid,
    paymentId: settled.paymentId,
    merchantId: settled.merchantId,
    environment: settled.environment,
    customerId: settled.customerId,
    amountMinor: fact.amountMinor,
    feeMinor: fact.feeMinor,
    currency: fact.currency,
    networkReasonCode: fact.reasonCode,
    dueByMicros: fact.dueBy,
    openedAtMicros: settledAt,
  };
}

const CLOSED: ReadonlySet<DisputeStatus> = new Set(['won', 'lost', 'manual_review']);

/** What the books could not do as told is for an operator, unless the dispute was closed before or opened again. */
function nextStatus(fact: OutsideFact, { status }: PaymentSettled, before: StoredDispute | undefined): DisputeStatus {
  const isOpening = fact.type === 'dispute_opened';
  if (before !== undefined && (isOpening || (status === 'manual_review' && CLOSED.has(before.status)))) {
    return before.status;
  }
  if (status === 'manual_review') return 'manual_review';
  if (isOpening) return 'needs_response';
  return fact.type === 'dispute_won' ? 'won' : 'lost';
}
