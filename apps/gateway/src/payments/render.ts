// Writes the JSON text of an operation: the one place that decides its bytes, which are frozen at finality.
import { toJson } from '@paystream/http';
import { canonicalJson } from '../idempotency/canonical-json.ts';
import { holdEndsAt } from '../intake/terms.ts';
import { isoMicros } from '../iso-micros.ts';
import type { OperationFacts } from './facts.ts';
import { toFailureObject } from './money-objects.ts';
import { toObject } from './objects.ts';

/** What stands in the text where description and metadata will be; nothing before it is anybody's free text. */
const NO_DETAILS = '"description":null,"metadata":{}';

/** The object without description and metadata, which are not kept in clear; see `withDetails`. */
export function renderOperation(facts: OperationFacts): string {
  switch (facts.operation) {
    case 'pay':
    case 'authorize':
      return renderPayment(facts);
    case 'top_up':
      return `{${head(facts, 'top_up')},${tail(facts)}}`;
    default:
      return toJson(toObject(facts));
  }
}

/** Put together by hand: as an object it would take five times as long, for every payment there is. */
function renderPayment(facts: OperationFacts): string {
  const { operation, status, sums, fx, terms, createdAtMicros } = facts;
  const isManual = operation === 'authorize';
  const captureBefore = isManual ? `"${isoMicros(holdEndsAt(terms, createdAtMicros))}"` : 'null';
  const isOpen = status === 'authorized' || status === 'partially_captured';
  return (
    `{${head(facts, 'payment')},"capture_method":"${isManual ? 'manual' : 'automatic'}",` +
    `"capture_before":${captureBefore},"amount_captured":${sums.capturedMinor},` +
    `"amount_refunded":${sums.refundedMinor},"amount_disputed":${sums.disputedMinor},` +
    `"amount_capturable":${isOpen ? sums.authorizedMinor - sums.capturedMinor : 0n},` +
    `"fx":${fx === null ? 'null' : toJson(fx)},${tail(facts)}}`
  );
}

function head({ id, status, amountMinor, currency, customerId }: OperationFacts, object: string): string {
  return (
    `"id":"${id}","object":"${object}","status":"${status}","amount":${amountMinor},"currency":"${currency}",` +
    `"customer":"${customerId}",${NO_DETAILS}`
  );
}

function tail({ fees, failure, createdAtMicros, settledAtMicros }: OperationFacts): string {
  return (
    `"fees":${fees.length === 0 ? '[]' : toJson(fees)},` +
    `"failure":${failure === null ? 'null' : toJson(toFailureObject(failure))},` +
    `"created_at":"${isoMicros(createdAtMicros)}",` +
    `"settled_at":${settledAtMicros === null ? 'null' : `"${isoMicros(settledAtMicros)}"`}`
  );
}

/** Description and metadata as the caller sent them. */
export interface Details {
  description?: string;
  metadata?: Readonly<Record<string, string>>;
}

/** The text that is kept, sealed: what was sent and nothing else, so that a later request can be compared with it. */
export function detailsText({ description, metadata }: Details): string | null {
  if (description === undefined && metadata === undefined) return null;
  return canonicalJson({
    ...(description === undefined ? {} : { description }),
    ...(metadata === undefined ? {} : { metadata }),
  });
}

/** Details as they were kept. */
export function parseDetails(text: string): Details {
  return JSON.parse(text) as Details; // written by detailsText
}

/** A rendered object with its description and metadata put in; the same bytes for the same details, always. */
export function withDetails(rendered: string, details: string | null): string {
  if (details === null) return rendered;
  const { description, metadata } = parseDetails(details);
  const at = rendered.indexOf(NO_DETAILS);
  return (
    `${rendered.slice(0, at)}"description":${description === undefined ? 'null' : JSON.stringify(description)},` +
    `"metadata":${metadata === undefined ? '{}' : canonicalJson(metadata)}${rendered.slice(at + NO_DETAILS.length)}`
  );
}
