// Turns a payment's body into its claim: paid at once or held, in one currency or from a wallet in another.
import { HttpError } from '@paystream/http';
import { isHoldEnd } from '@paystream/payments';
import type { Terms } from '@paystream/topics';
import type { Claim } from '../intake/claim.ts';
import type { Gate } from '../intake/gate.ts';
import { fromIso } from '../iso-micros.ts';
import type { PaymentBody } from './model.ts';
import { checkCurrency, moneyClaim } from './money-claim.ts';
import type { Asked } from './operation-routes.ts';

export const PAYMENTS_PATH = '/v1/payments';

/** An estimate may be asked for before there is a customer. */
export type AskedPayment = Omit<PaymentBody, 'customer'> & Partial<Pick<PaymentBody, 'customer'>>;

/** Throws HttpError for a value that is refused; the key is free then. A batch's lines are payments like any other. */
export function toPaymentClaim(asked: Asked<AskedPayment>): Claim {
  const { body } = asked;
  const { capture_before, source_currency } = body;
  const operation = body.capture_method === 'manual' ? 'authorize' : 'pay';
  if (capture_before !== undefined && operation !== 'authorize') {
    throw new HttpError('parameter_invalid', { param: '/capture_before', detail: 'Only what is held has an end.' });
  }
  if (source_currency !== undefined) checkCurrency(source_currency, '/source_currency');
  const expiresAt = capture_before === undefined ? null : fromIso(capture_before, '/capture_before');
  const terms: Partial<Terms> = {
    ...(source_currency === undefined || source_currency === body.currency ? {} : { sourceCurrency: source_currency }),
    ...(expiresAt === null ? {} : { authorize: { expiresAt } }),
  };
  return {
    ...moneyClaim(operation, PAYMENTS_PATH, asked),
    ...{ amountMinor: BigInt(body.amount), terms, gate: gateOf(body, expiresAt) },
  };
}

/** Most payments have none, and ask the database for nothing more. */
function gateOf({ fx_quote, source_currency }: AskedPayment, expiresAt: bigint | null): Gate | null {
  const quoteId = fx_quote ?? null;
  if (quoteId === null && expiresAt === null) return null;
  return {
    paymentUuid: null,
    quoteId,
    pass: (claim, { quote, nowMicros }) => {
      if (expiresAt !== null && !isHoldEnd(expiresAt, nowMicros)) {
        const detail = 'Field /capture_before is not within the next 30 days.';
        return new HttpError('parameter_invalid', { param: '/capture_before', detail });
      }
      if (quoteId === null) return claim;
      if (quote === undefined) {
        return new HttpError('parameter_invalid', { param: '/fx_quote', detail: 'There is no such quote of yours.' });
      }
      if (quote.toCurrency !== claim.currency || (source_currency ?? quote.fromCurrency) !== quote.fromCurrency) {
        return new HttpError('parameter_invalid', { param: '/fx_quote', detail: 'The quote is for other currencies.' });
      }
      return { ...claim, terms: { ...claim.terms, sourceCurrency: quote.fromCurrency, quote } };
    },
  };
}
