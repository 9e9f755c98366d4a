// Takes a claim and answers it as promised: at once, when it is final, or when the caller's patience ends.
import { HttpError } from '@paystream/http';
import { operationPrefixes } from '@paystream/payments';
import type { Vault } from '@paystream/personal-data';
import { CannotOpenError } from '@paystream/personal-data';
import type { Logger } from '@paystream/telemetry';
import { differingField } from '../idempotency/fingerprint.ts';
import type { Claim, ClaimOutcome } from '../intake/claim.ts';
import type { Intake } from '../intake/intake.ts';
import { bodyOf } from '../intake/kept-body.ts';
import type { StoredOperation } from '../store/stored-operation.ts';
import type { Waiters } from '../waiting/waiters.ts';
import { openDetails } from './details.ts';
import { parseDetails, renderOperation, withDetails } from './render.ts';

/** The answer to an accepted operation. */
export interface AcceptedAnswer {
  /** 201: final; 202: accepted, not final yet. */
  status: 201 | 202;
  id: string;
  /** JSON text of the object. */
  json: string;
  /** The key was used before by an equal request. */
  replayed: boolean;
}

export interface Acceptor {
  /** How long to wait for finality; 0: not at all. */
  waitMs: number;
  /** Called once, never before `accept` returns. */
  reply(answer: AcceptedAnswer | HttpError): void;
  /** Called when it is known what became of the claim, before the wait for finality. */
  onClaimed?(): void;
}

export interface Acceptance {
  /** Throws HttpError when the claim was not even taken; nobody is called then. */
  accept(claim: Claim, acceptor: Acceptor): void;
}

export interface AcceptanceOptions {
  intake: Intake;
  waiters: Waiters;
  vault: Vault;
  logger: Logger;
}

export function createAcceptance(options: AcceptanceOptions): Acceptance {
  const { intake, waiters } = options;

  const answerWhenFinal = (claim: Claim, { waitMs, reply }: Acceptor, createdAtMicros: bigint, replayed: boolean) => {
    const { id, details } = claim;
    const answer = (final: string | null) =>
      reply({
        status: final === null ? 202 : 201,
        json: withDetails(final ?? renderRequested(claim, createdAtMicros), details),
        ...{ id, replayed },
      });
    if (waitMs === 0 || !waiters.wait(claim.uuid, waitMs, answer)) answer(null);
  };

  return {
    accept: (claim, acceptor) => {
      const { reply } = acceptor;
      intake.submit(claim, (outcome: ClaimOutcome) => {
        acceptor.onClaimed?.();
        switch (outcome.kind) {
          case 'accepted':
            answerWhenFinal(outcome.claim, acceptor, outcome.requestedAtMicros, false);
            break;
          case 'known': {
            const { fingerprint, answer, requestedAtMicros } = outcome.stored;
            if (!fingerprint.equals(claim.fingerprint)) reply(reuseOf(claim, outcome.stored, options));
            else if (answer === null) answerWhenFinal(claim, acceptor, requestedAtMicros, true);
            else reply({ status: 201, id: claim.id, json: withDetails(answer, claim.details), replayed: true });
            break;
          }
          case 'refused':
            reply(outcome.error);
            break;
          default:
            outcome satisfies never;
        }
      });
    },
  };
}

function renderRequested(claim: Claim, createdAtMicros: bigint): string {
  return renderOperation({
    ...claim,
    status: 'requested',
    fees: [],
    failure: null,
    createdAtMicros,
    settledAtMicros: null,
  });
}

/** The refusal of a key that stands for another request, with the field in which they differ. */
function reuseOf(claim: Claim, stored: StoredOperation, { vault, logger }: AcceptanceOptions): HttpError {
  if (operationPrefixes[stored.operation] !== operationPrefixes[claim.operation]) {
    return new HttpError('idempotency_key_reused', { detail: 'The key was used first for another kind of request.' });
  }
  let first: object;
  try {
    first = withWords(bodyOf(stored), openDetails(vault, stored));
  } catch (error) {
    if (!(error instanceof CannotOpenError)) throw error;
    logger.error({ err: error, operation: claim.id }, 'the details of a stored operation cannot be opened');
    return new HttpError('internal', { payment_id: claim.id });
  }
  const field = differingField(claim.body, first);
  const details = field === null ? {} : { param: field, detail: `Field ${field} differs from the first request.` };
  return new HttpError('idempotency_key_reused', { ...details, payment_id: claim.id });
}

/** A body with the description and metadata that were sealed. */
function withWords(body: object, details: string | null): object {
  return details === null ? body : { ...body, ...parseDetails(details) };
}
