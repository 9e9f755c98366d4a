// Reads how the first version of the rules told that a pay-out ended: a second record of it, where there is a report today.

import type { AskedOperation } from '@paystream/proof';
import type { PaymentProcessed } from '@paystream/topics';

/** The record, of which what was told is its fact, as it is of a report. No app writes such a record any more, nor takes one. */
export function withToldFact(record: PaymentProcessed): AskedOperation {
  const { kind, outcome, amountMinor, currency } = record;
  if (kind !== 'outcome' || outcome === null) return record;
  return {
    ...record,
    fact: {
      ...{ type: outcome.status === 'approved' ? 'pay_out_paid' : 'pay_out_failed', provider: outcome.provider },
      ...{ disputeId: null, feeMinor: null },
      ...{ amountMinor: outcome.amountMinor ?? amountMinor, currency: outcome.currency ?? currency },
    },
  };
}
