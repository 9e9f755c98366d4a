// Takes a payment's body as far as it goes without writing anything: the claim that would be stored now, and what the
// processor would decide about it.
import { HttpError } from '@paystream/http';
import { newId } from '@paystream/payments';
import type { RequestDecision } from '@paystream/pricing';
import { compilePlan, decideRequest } from '@paystream/pricing';
import { wantsScreening } from '@paystream/risk';
import type { Terms } from '@paystream/topics';
import type { Caller } from '../access/authenticate.ts';
import type { GatewayContext } from '../context.ts';
import type { Claim } from '../intake/claim.ts';
import { openGates } from '../intake/gate.ts';
import { checkOwners, ownedBy } from '../intake/own-customers.ts';
import { prepare } from '../intake/prepare.ts';
import { completeTerms } from '../intake/terms.ts';
import { ownSettings } from '../merchants/change-plan.ts';
import type { AskedPayment } from '../payments/payment-claim.ts';
import { toPaymentClaim } from '../payments/payment-claim.ts';
import { findCustomers } from '../store/find-customers.ts';
import { readClock } from '../store/read-clock.ts';

export interface TriedClaim {
  claim: Claim;
  /** As the record would carry them. */
  terms: Terms;
  decision: RequestDecision;
  /** Whether the processor would ask a screening, which is only there. */
  isScreened: boolean;
  /** Time by which everything was judged; microseconds since the epoch. */
  asOfMicros: bigint;
}

/** @throws HttpError for whatever POST /v1/payments would refuse */
export async function tryClaim(context: GatewayContext, caller: Caller, body: AskedPayment): Promise<TriedClaim> {
  const { database } = context;
  const [asOfMicros, settings] = await Promise.all([readClock(database), ownSettings(database, caller)]);
  const claim = await claimNow(context, caller, body);
  const terms = completeTerms(claim.operation, claim.terms, asOfMicros);
  const { operation, environment, currency } = claim;
  const methodType = terms.method?.type ?? null;
  const { riskPlan } = settings;
  const isScreened = currency !== null && wantsScreening({ operation, methodType, currency }, riskPlan);
  const decision = decideRequest(
    { ...claim, ...terms, requestedAt: asOfMicros },
    { isActive: true, plan: compilePlan(settings.feePlan), riskPlan },
    {
      rates: context.rates,
      rateAgeMaxMicros: context.rateAgeMaxMicros(environment),
      // What it would answer nobody here knows; the answer says that it was not asked.
      screened: isScreened ? { version: 0n, decision: 'allow', reasonCode: null } : null,
    },
  );
  return { claim, terms, decision, isScreened, asOfMicros };
}

/** The claim with everything the intake would put to it. */
async function claimNow(context: GatewayContext, caller: Caller, body: AskedPayment): Promise<Claim> {
  const { database } = context;
  // Its id names nothing that will ever be.
  const idempotencyKey = newId('pay');
  const claim = toPaymentClaim({ caller, idempotencyKey, body, traceparent: null, params: {} });
  const [owners, pass] = await Promise.all([findCustomers(database, ownedBy(claim)), openGates(context, [claim])]);
  const prepared = checkOwners(claim, owners) ?? prepare(pass(claim), owners, context);
  if (prepared instanceof HttpError) throw prepared;
  return prepared.claim;
}
