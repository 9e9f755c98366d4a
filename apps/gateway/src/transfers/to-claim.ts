// Turns a transfer's body into its claim: payees who are others than the payer, and an amount that is all of theirs.
import { HttpError } from '@paystream/http';
import { HTTP_AMOUNT_MAX } from '@paystream/money';
import type { Claim } from '../intake/claim.ts';
import type { Gate } from '../intake/gate.ts';
import { uuidOf } from '../operation-id.ts';
import { checkCustomer, moneyClaim } from '../payments/money-claim.ts';
import type { Asked } from '../payments/operation-routes.ts';
import { checkText } from '../text-rules.ts';
import type { TransferBody } from './model.ts';

export const TRANSFERS_PATH = '/v1/transfers';

/** Throws HttpError for a value that is refused; the key is free then. */
export function toTransferClaim(asked: Asked<TransferBody>): Claim {
  const { customer, purpose, payees, platform_fee, related = null } = asked.body;
  for (const [place, payee] of payees.entries()) {
    const param = `/payees/${place}/customer`;
    checkCustomer(payee.customer, param);
    if (payee.customer === customer) {
      throw new HttpError('parameter_invalid', { param, detail: 'The payer is among the payees.' });
    }
    if (payee.purpose !== undefined) checkText(payee.purpose, `/payees/${place}/purpose`);
  }
  const amountMinor = payees.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
  if (amountMinor > HTTP_AMOUNT_MAX) throw new HttpError('amount_invalid', { param: '/payees' });
  const legs = payees.map((payee) => ({
    payeeCustomerId: payee.customer,
    amountMinor: BigInt(payee.amount),
    purpose: payee.purpose ?? null,
  }));
  const platformFeeMinor = platform_fee === undefined ? null : BigInt(platform_fee);
  return {
    ...moneyClaim('transfer', TRANSFERS_PATH, asked),
    payees: payees.map((payee) => payee.customer),
    amountMinor,
    terms: { transfer: { purpose, legs, platformFeeMinor, relatedPaymentId: related } },
    gate: related === null ? null : gateOf(related),
  };
}

function gateOf(related: string): Gate {
  const unknown = new HttpError('parameter_invalid', {
    param: '/related',
    detail: 'There is no such transfer or payment of yours.',
  });
  const paymentUuid = uuidOf('tr', related) ?? uuidOf('pay', related);
  if (paymentUuid === undefined) throw unknown;
  // Its prefix says what it is: one uuid is never both.
  return { paymentUuid, quoteId: null, pass: (claim, { payment }) => (payment?.id === related ? claim : unknown) };
}
