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
import type { Answered } from '../store/read-answers.ts';
import { openDetails } from './details.ts';
import type { AskedOperation } from './facts.ts';
import { unsettledFacts } from './facts.ts';
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

/** An accepted operation that is not known to be final. */
interface Waited {
  uuid: string;
  asked: AskedOperation;
  /** As this caller sent them. */
  details: string | null;
  createdAtMicros: bigint;
  replayed: boolean;
}

export interface AcceptanceOptions {
  intake: Intake;
  waiters: Waiters;
  vault: Vault;
  logger: Logger;
}

export function createAcceptance(options: AcceptanceOptions): Acceptance {
  const { intake, waiters } = options;

  const answerWhenFinal = (waited: Waited, { waitMs, reply }: Acceptor) => {
    const { uuid, asked, details, createdAtMicros, replayed } = waited;
    const answer = (answered: Answered | null) => {
      const isFinal = answered?.kind === 'final';
      const text = isFinal
        ? answered.answer
        : renderOperation(unsettledFacts(asked, createdAtMicros, answered?.status));
      reply({ status: isFinal ? 201 : 202, json: withDetails(text, details), id: asked.id, replayed });
    };
    if (waitMs === 0 || !waiters.wait(uuid, waitMs, answer)) answer(null);
  };

  return {
    accept: (claim, acceptor) => {
      const { reply } = acceptor;
      intake.submit(claim, (outcome: ClaimOutcome) => {
        acceptor.onClaimed?.();
        switch (outcome.kind) {
          case 'accepted': {
            const { claim: asked, requestedAtMicros: createdAtMicros } = outcome;
            const { uuid, details } = asked;
            answerWhenFinal({ uuid, asked, details, createdAtMicros, replayed: false }, acceptor);
            break;
          }
          case 'known': {
            const { stored } = outcome;
            const { details } = claim;
            if (!stored.fingerprint.equals(claim.fingerprint)) reply(reuseOf(claim, stored, options));
            else if (stored.answer === null)
              answerWhenFinal(
                { ...stored, asked: stored, details, createdAtMicros: stored.requestedAtMicros, replayed: true },
                acceptor,
              );
            else reply({ status: 201, id: claim.id, json: withDetails(stored.answer, details), replayed: true });
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
    return new HttpError('internal', { payment_id: stored.paymentId });
  }
  const field = differingField(claim.body, first);
  const details =
    field === null
      ? { detail: 'The key was used first for another payment.' }
      : { param: field, detail: `Field ${field} differs from the first request.` };
  return new HttpError('idempotency_key_reused', { ...details, payment_id: stored.paymentId });
}

/** A body with the description and metadata that were sealed. */
function withWords(body: object, details: string | null): object {
  return details === null ? body : { ...body, ...parseDetails(details) };
}
