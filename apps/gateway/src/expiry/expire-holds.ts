// Asks for the end of holds that are past their time: once each, however many gateways look for them.
import type { Database } from '@paystream/database';
import { expireIdOf, fromUuid } from '@paystream/payments';
import { fingerprintOf } from '../idempotency/fingerprint.ts';
import type { Claim } from '../intake/claim.ts';
import { claimOf } from '../intake/claim.ts';
import type { Intake } from '../intake/intake.ts';
import type { Chore } from '../rounds.ts';
import type { EndedHold } from '../store/find-ended-holds.ts';
import { findEndedHolds } from '../store/find-ended-holds.ts';

/** Holds asked about in one turn. */
const ENDED_HOLDS_MAX = 500;

export interface ExpireHoldsOptions {
  database: Database;
  intake: Intake;
}

/** A hold outlives its end by about a look's interval; whoever captures in the meantime may do so. */
export function expiryChore({ database, intake }: ExpireHoldsOptions): Chore {
  return {
    what: 'ending holds',
    isDue: ({ hasEndedHolds }) => hasEndedHolds,
    work: async () => {
      const holds = await findEndedHolds(database, ENDED_HOLDS_MAX);
      await Promise.all(holds.map((hold) => ask(intake, toExpireClaim(hold))));
    },
  };
}

/** One that is refused, as when the outbox is full, is found again; so nobody has to be told. */
function ask(intake: Intake, claim: Claim): Promise<void> {
  return new Promise((resolve) => {
    intake.submit(claim, () => resolve());
  });
}

function toExpireClaim({ paymentId, customerId, currency, ...hold }: EndedHold): Claim {
  const asker = { ...hold, merchantId: fromUuid('mer', hold.merchantUuid) };
  const id = expireIdOf(paymentId);
  const body = { payment: paymentId };
  return {
    ...claimOf({ id, operation: 'expire', asker, body, fingerprint: fingerprintOf('POST', 'expire', body) }),
    ...{ paymentId, customerId, currency, terms: { cancel: { reasonCode: null } } },
  };
}
