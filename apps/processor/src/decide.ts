// Decides what becomes of a request: priced, or refused with the reason. Pure: request and merchant in, decision out.
import type { Failure } from '@paystream/payments';
import { failureOf } from '@paystream/payments';
import type { FeeLine } from '@paystream/pricing';
import { priceOperation } from '@paystream/pricing';
import type { CheckedRequest } from './check-request.ts';
import type { MerchantVersion } from './merchants.ts';

export type Decision = { kind: 'priced'; fees: FeeLine[] } | { kind: 'refused'; failure: Failure };

/** Prices a request by the merchant's version in force, or says why this merchant may not do this. */
export function decide(request: CheckedRequest, { isActive, plan }: MerchantVersion): Decision {
  if (!isActive) return refused(failureOf('merchant_inactive'));
  const methodFailure = problemWithMethod(request);
  if (methodFailure !== null) return refused(methodFailure);
  const { operation, amountMinor, currency, method } = request;
  const priced = priceOperation({ operation, methodType: method.type, currency, amountMinor }, plan);
  if (!priced.ok) return refused(priced.failure);
  const unposted = priced.fees.find((fee) => !canBePosted(request, fee));
  if (unposted === undefined) return { kind: 'priced', fees: priced.fees };
  const { ruleId, ruleVersion } = unposted;
  return refused(failureOf('misconfigured', 'validation', { ruleId, ruleVersion }));
}

/** Payments are from a wallet; top-ups are from the sandbox, which makes money of nothing and so only for tests. */
function problemWithMethod({ operation, environment, method }: CheckedRequest): Failure | null {
  switch (operation) {
    case 'pay':
      return method.type === 'wallet' ? null : failureOf('method_not_supported');
    case 'top_up':
      if (method.type !== 'sandbox') return failureOf('method_not_supported');
      return environment === 'test' ? null : failureOf('test_instrument_in_live');
  }
}

/** The ledger knows fees that the merchant bears of a payment; a plan with others is refused before money moves. */
function canBePosted({ operation }: CheckedRequest, { bearer }: FeeLine): boolean {
  return operation === 'pay' && bearer === 'merchant';
}

function refused(failure: Failure): Decision {
  return { kind: 'refused', failure };
}
