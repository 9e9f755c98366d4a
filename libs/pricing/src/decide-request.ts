// Decides what becomes of a request: priced, or refused with the reason. The processor decides by it, and the gateway's dry
// runs and estimates tell by it what would be decided.
import type { Failure } from '@paystream/payments';
import { failureOf } from '@paystream/payments';
import type { RiskPlan, RuleDecision, Screened, VelocityRule } from '@paystream/risk';
import { judge } from '@paystream/risk';
import type { CompiledPlan } from './compile-plan.ts';
import type { FxConversion, PricedConversion, QuoteTerms, RateView } from './price-conversion.ts';
import { priceGiving, priceTaking } from './price-conversion.ts';
import type { FeeLine, Priced, PricedRequest } from './price-operation.ts';
import { priceOperation } from './price-operation.ts';

/** What decides about a request; a payment.requested fits as it is. */
export interface DecidableRequest {
  operation: string;
  environment: string;
  merchantId: string;
  customerId: string | null;
  amountMinor: bigint | null;
  currency: string | null;
  requestedAt: bigint;
  method: { type: string } | null;
  sourceCurrency: string | null;
  quote: QuoteTerms | null;
  refund: { rateChoice: string | null } | null;
  transfer: { legs: readonly { payeeCustomerId: string }[] } | null;
  country: string | null;
}

/** A merchant's settings in force. */
export interface DecidingMerchant {
  isActive: boolean;
  plan: CompiledPlan;
  riskPlan: RiskPlan | null;
}

export interface DecisionContext extends RateView {
  /** The screening's answer; null where nothing screens. */
  screened: Screened | null;
}

export type RequestDecision =
  | {
      kind: 'priced';
      fees: FeeLine[];
      fx: FxConversion | null;
      decisions: RuleDecision[];
      /** Rules for the ledger to judge by. */
      velocity: VelocityRule[];
    }
  | { kind: 'refused'; failure: Failure; decisions: RuleDecision[] };

/** What an inactive merchant may no longer begin or take; giving back, letting go and commands on accounts go on. */
const ONLY_WHEN_ACTIVE: ReadonlySet<string> = new Set(['pay', 'authorize', 'capture', 'transfer', 'top_up', 'pay_out']);
/** Fees of these are priced here; those of what follows on a payment are computed in the ledger, from the payment. */
const WITH_FEES: ReadonlySet<string> = new Set(['pay', 'authorize', 'transfer', 'pay_out']);
/** What is paid from a wallet that may be in another currency. */
const FROM_ANY_WALLET: ReadonlySet<string> = new Set(['pay', 'authorize']);

/** Judges a request by the merchant's rules and prices it by the plan in force, or says why it may not be. */
export function decideRequest(
  request: DecidableRequest,
  merchant: DecidingMerchant,
  context: DecisionContext,
): RequestDecision {
  const obstacle = problemWith(request, merchant);
  if (obstacle !== null) return { kind: 'refused', failure: obstacle, decisions: [] };
  const asked = pricedPartOf(request);
  if (asked === null) return { kind: 'priced', fees: [], fx: null, decisions: [], velocity: [] };

  const parties = { country: request.country, partyIds: partiesOf(request) };
  const judgement = judge({ ...asked, ...parties }, merchant.riskPlan, context.screened);
  const { decisions } = judgement;
  if (!judgement.ok) return { kind: 'refused', failure: judgement.failure, decisions };
  const priced = priceFees(asked, merchant.plan);
  if (!priced.ok) return { kind: 'refused', failure: priced.failure, decisions };
  const { fees } = priced;
  const converted = convert(request, { asked, fees, plan: merchant.plan, context });
  if (!converted.ok) return { kind: 'refused', failure: converted.failure, decisions };
  return { kind: 'priced', fees, fx: converted.fx, decisions, velocity: judgement.velocity };
}

function problemWith(
  { operation, environment, method }: DecidableRequest,
  { isActive }: DecidingMerchant,
): Failure | null {
  if (!isActive && ONLY_WHEN_ACTIVE.has(operation)) return failureOf('merchant_inactive');
  switch (operation) {
    case 'pay':
    case 'authorize':
    case 'transfer':
      return method?.type === 'wallet' ? null : failureOf('method_not_supported');
    case 'top_up':
    case 'pay_out':
      // The sandbox makes money of nothing, and sends it nowhere: only for tests.
      if (method?.type !== 'sandbox') return failureOf('method_not_supported');
      return environment === 'test' ? null : failureOf('test_instrument_in_live');
    default:
      return null;
  }
}

/** What rules and plan look at; null for commands, which have no amount. */
function pricedPartOf({ operation, method, currency, amountMinor }: DecidableRequest): PricedRequest | null {
  if (amountMinor === null || currency === null) return null;
  return { operation, methodType: method?.type ?? null, currency, amountMinor };
}

/** Everyone whose money it is or will be: a pay-out of no customer is the merchant's own. */
function partiesOf({ customerId, merchantId, transfer }: DecidableRequest): string[] {
  return [customerId ?? merchantId, ...(transfer?.legs ?? []).map(({ payeeCustomerId }) => payeeCustomerId)];
}

function priceFees(asked: PricedRequest, plan: CompiledPlan): Priced {
  return WITH_FEES.has(asked.operation) ? priceOperation(asked, plan) : { ok: true, fees: [] };
}

interface Converting {
  asked: PricedRequest;
  fees: readonly FeeLine[];
  plan: CompiledPlan;
  context: DecisionContext;
}

const NO_CONVERSION = { ok: true, fx: null } as const;

/** The conversion of a request that needs one. */
function convert(
  request: DecidableRequest,
  { asked, fees, plan, context }: Converting,
): PricedConversion | typeof NO_CONVERSION {
  const { operation, environment, requestedAt, sourceCurrency, quote, refund } = request;
  if (sourceCurrency === null || sourceCurrency === asked.currency) return NO_CONVERSION;
  const converted = { ...asked, environment, requestedAt, sourceCurrency, quote };
  if (FROM_ANY_WALLET.has(operation)) {
    return priceTaking(converted, asked.amountMinor + borneByCustomer(fees), { plan, ...context });
  }
  return operation === 'refund' && refund?.rateChoice === 'current' ? priceGiving(converted, context) : NO_CONVERSION;
}

function borneByCustomer(fees: readonly FeeLine[]): bigint {
  return fees.reduce((sum, { bearer, amountMinor }) => (bearer === 'customer' ? sum + amountMinor : sum), 0n);
}
