// Turns a claim into the row that keeps it: the customer's country put to it, words sealed, terms and body as text.
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

export interface PrepareOptions {
  vault: Vault;
  logger: Logger;
}

/** A claim as it is stored, and its row. */
export interface Prepared {
  claim: Claim;
  row: NewOperation;
}

/** Hands a refusal on; refuses, and logs, when the customer's key is damaged: that refuses this claim and none beside it. */
export function prepare(
  passed: Claim | HttpError,
  owners: ReadonlyMap<string, CustomerOwner>,
  options: PrepareOptions,
): Prepared | HttpError {
  if (passed instanceof HttpError) return passed;
  const customerUuid = passed.customerId === null ? null : toUuid(passed.customerId);
  const owner = customerUuid === null ? undefined : owners.get(customerUuid);
  const claim = withCountry(passed, owner);
  const sealed = sealDetails(claim, owner, options);
  if (sealed instanceof HttpError) return sealed;
  const row: NewOperation = {
    ...{ uuid: claim.uuid, operation: claim.operation, merchantUuid: claim.merchantUuid, customerUuid },
    ...{ environment: claim.environment, amountMinor: claim.amountMinor, currency: claim.currency },
    ...{ merchantVersion: claim.merchantVersion, fingerprint: claim.fingerprint, traceparent: claim.traceparent },
    paymentId: claim.paymentId === claim.id ? null : claim.paymentId,
    terms: toTermsText(claim.terms),
    body: keptBody(claim.body),
    requestedAtMicros: claim.judgedAtMicros,
    merchantRefundId: claim.terms.refund?.merchantRefundId ?? null,
    ...sealed,
  };
  return { claim, row };
}

function withCountry(claim: Claim, owner: CustomerOwner | undefined): Claim {
  const country = owner?.country ?? null;
  return country === null ? claim : { ...claim, terms: { ...claim.terms, country } };
}

type Sealed = Pick<NewOperation, 'detailsSealed' | 'detailsKeySealed'>;

function sealDetails(
  { details, customerId }: Claim,
  owner: CustomerOwner | undefined,
  { vault, logger }: PrepareOptions,
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
