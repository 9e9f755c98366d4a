// Writes the JSON text of a payment or top-up: the one place that decides its bytes, which are frozen at finality.
import { toJson } from '@paystream/http';
import { customerCodeOf, isFailureCode } from '@paystream/payments';
import type { Failure, FeeLine } from '@paystream/topics';
import { canonicalJson } from '../idempotency/canonical-json.ts';
import { isoMicros } from '../iso-micros.ts';

export interface OperationFacts {
  /** pay_… or tu_… */
  id: string;
  operation: string;
  status: string;
  amountMinor: bigint | null;
  currency: string | null;
  customerId: string | null;
  fees: readonly FeeLine[];
  failure: Failure | null;
  createdAtMicros: bigint;
  settledAtMicros: bigint | null;
}

/** What stands in the text where description and metadata will be; nothing before it is anybody's free text. */
const NO_DETAILS = '"description":null,"metadata":{}';

/** The object without description and metadata, which are not kept in clear; see `withDetails`. */
export function renderOperation(facts: OperationFacts): string {
  const { id, operation, status, amountMinor, currency, customerId, fees, failure } = facts;
  const object = operation === 'top_up' ? 'top_up' : 'payment';
  const settledAt = facts.settledAtMicros === null ? 'null' : `"${isoMicros(facts.settledAtMicros)}"`;
  return (
    `{"id":"${id}","object":"${object}","status":"${status}","amount":${amountMinor},"currency":"${currency}",` +
    `"customer":"${customerId}",${NO_DETAILS},"fees":${renderFees(fees)},` +
    `"failure":${failure === null ? 'null' : toJson(toFailureObject(failure))},` +
    `"created_at":"${isoMicros(facts.createdAtMicros)}","settled_at":${settledAt}}`
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

function renderFees(fees: readonly FeeLine[]): string {
  return fees.length === 0 ? '[]' : toJson(fees.map(toFeeObject));
}

function toFeeObject(fee: FeeLine): object {
  return {
    kind: fee.kind,
    amount: fee.amountMinor,
    currency: fee.currency,
    bearer: fee.bearer,
    rule_id: fee.ruleId,
    rule_version: fee.ruleVersion,
    percent_bps: fee.percentBps,
    fixed: fee.fixedMinor,
  };
}

function toFailureObject(failure: Failure): object {
  const { code } = failure;
  return {
    code,
    category: failure.category,
    stage: failure.stage,
    advice: failure.advice,
    retry_not_before: failure.retryNotBefore === null ? null : isoMicros(failure.retryNotBefore),
    provider: failure.provider,
    provider_code: failure.providerCode,
    network_code: failure.networkCode,
    network_advice: failure.networkAdvice,
    mapping_version: failure.mappingVersion,
    customer_message_key: isFailureCode(code) ? customerCodeOf(code) : code,
  };
}
