// Turns a claim into the row that keeps it: words sealed, terms and body as text.
import { HttpError } from '@paystream/http';
import { toUuid } from '@paystream/payments';
import type { Vault } from '@paystream/personal-data';
import { CannotOpenError } from '@paystream/personal-data';
import type { Logger } from '@paystream/telemetry';
import type { CustomerOwner } from '../store/find-customers.ts';
import type { NewOperation } from '../store/insert-operations.ts';
import type { Claim } from './claim.ts';
import { keptBody } from './kept-body.ts';
import { toTermsText } from './terms.ts';

export interface ToRowOptions {
  vault: Vault;
  logger: Logger;
}

/** A refusal, logged, when the customer's key is damaged: that refuses this claim and none beside it. */
export function toRow(
  claim: Claim,
  owners: ReadonlyMap<string, CustomerOwner>,
  options: ToRowOptions,
): NewOperation | HttpError {
  const { customerId, paymentId, id, terms, body } = claim;
  const customerUuid = customerId === null ? null : toUuid(customerId);
  const sealed = sealDetails(claim, customerUuid === null ? undefined : owners.get(customerUuid), options);
  if (sealed instanceof HttpError) return sealed;
  return {
    ...{ uuid: claim.uuid, operation: claim.operation, merchantUuid: claim.merchantUuid, customerUuid },
    ...{ environment: claim.environment, amountMinor: claim.amountMinor, currency: claim.currency },
    ...{ merchantVersion: claim.merchantVersion, fingerprint: claim.fingerprint, traceparent: claim.traceparent },
    paymentId: paymentId === id ? null : paymentId,
    terms: toTermsText(terms),
    body: keptBody(body),
    ...sealed,
  };
}

type Sealed = Pick<NewOperation, 'detailsSealed' | 'detailsKeySealed'>;

function sealDetails(
  { details, customerId }: Claim,
  owner: CustomerOwner | undefined,
  { vault, logger }: ToRowOptions,
): Sealed | HttpError {
  if (details === null) return { detailsSealed: null, detailsKeySealed: null };
  if (customerId === null) {
    const { sealedKey } = vault.newCustomerKey();
    return { detailsSealed: vault.seal(sealedKey, details), detailsKeySealed: sealedKey };
  }
  const key = owner?.keySealed ?? null;
  // An erased person's details are not kept.
  if (key === null) return { detailsSealed: null, detailsKeySealed: null };
  try {
    return { detailsSealed: vault.seal(key, details), detailsKeySealed: null };
  } catch (error) {
    if (!(error instanceof CannotOpenError)) throw error;
    logger.error({ err: error, customer: customerId }, "a customer's key cannot be opened");
    return new HttpError('internal');
  }
}
