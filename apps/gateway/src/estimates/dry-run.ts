// Folds a payment that nobody asked for into the books as the gateway knows them, by the ledger's own rules.
import type { Decided, ProcessedOperation } from '@paystream/ledger';
import { accountsOf, foldBatch, newAccount, readOperation } from '@paystream/ledger';
import { toUuid } from '@paystream/payments';
import { RULES_VERSION } from '@paystream/pricing';
import type { Caller } from '../access/authenticate.ts';
import type { GatewayContext } from '../context.ts';
import type { PaymentBody } from '../payments/model.ts';
import { readMoney } from '../store/read-money.ts';
import type { TriedClaim } from './try-claim.ts';
import { tryClaim } from './try-claim.ts';

export interface DryRun extends TriedClaim {
  /** What the ledger would decide; null when the processor refuses. */
  decided: Decided | null;
}

/** Which partition it would be is all the same to the sums; it is not shown. */
const ANY_PARTITION = 0;

/** @throws HttpError for whatever POST /v1/payments would refuse */
export async function dryRun(context: GatewayContext, caller: Caller, body: PaymentBody): Promise<DryRun> {
  const tried = await tryClaim(context, caller, body);
  if (tried.decision.kind === 'refused') return { ...tried, decided: null };
  const reading = readOperation(toProcessed(tried, tried.decision), ANY_PARTITION);
  if (!reading.legal) throw new Error(`a payment that was priced cannot be read: ${reading.reason}`);
  const known = await readMoney(context.database, {
    ...caller,
    customerId: body.customer,
    customerUuid: toUuid(body.customer),
  });
  const accounts = new Map(accountsOf([reading], new Map()).map((id) => [id, { ...newAccount(id), ...known.get(id) }]));
  const [decision] = foldBatch({ ...NOTHING_BEFORE, accounts }, [reading]).decisions;
  if (decision?.kind !== 'decided') throw new Error('a payment that is new was not decided');
  return { ...tried, decided: decision };
}

/** Earlier payments do not matter to a first one, and what velocity rules count is not known here. */
const NOTHING_BEFORE = {
  payments: new Map(),
  disputes: new Map(),
  decided: new Set<string>(),
  outcomes: new Map(),
  corrected: new Set<string>(),
  spends: new Map(),
};

type Priced = Extract<TriedClaim['decision'], { kind: 'priced' }>;

/** The record the processor would write. */
function toProcessed({ claim, terms, asOfMicros }: TriedClaim, { fees, fx, velocity }: Priced): ProcessedOperation {
  const { id, operation, paymentId, environment, merchantId, customerId, amountMinor, currency } = claim;
  return {
    ...{ operation, paymentId, environment, merchantId, customerId, amountMinor, currency },
    operationId: id,
    pass: 1,
    kind: 'priced',
    rulesVersion: RULES_VERSION,
    requestedAt: asOfMicros,
    ...terms,
    ...{ fees, fx, velocity },
    ...{ route: null, failure: null, outcome: null, fact: null },
  };
}
