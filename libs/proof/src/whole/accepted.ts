// Says what of an operation must be the same wherever it is told: accepted at the gateway, requested, processed.

import { OPERATION_PREFIXES } from '../rules/well-formed.ts';

/** An operation as the gateway accepted it. */
export interface AcceptedRow {
  /** The 32 digits of its id. */
  readonly digits: string;
  readonly operation: string;
  /** Null: its own id. */
  readonly paymentId: string | null;
  readonly environment: string;
  /** The 32 digits each. */
  readonly merchant: string;
  readonly customer: string | null;
  readonly amountMinor: bigint | null;
  readonly currency: string | null;
  /** Microseconds since the epoch. */
  readonly requestedAt: bigint;
  /** Text of a JSON object: the terms that were asked, bigints as text; null when there are none. */
  readonly terms: string | null;
}

/** The same of a record; terms are read by name. */
export interface ToldOperation {
  readonly operationId: string;
  readonly operation: string;
  readonly paymentId: string;
  readonly environment: string;
  readonly merchantId: string;
  readonly customerId: string | null;
  readonly amountMinor: bigint | null;
  readonly currency: string | null;
  readonly requestedAt: bigint;
}

const FIELDS = [
  ...(['operationId', 'operation', 'paymentId', 'environment', 'merchantId', 'customerId'] as const),
  ...(['amountMinor', 'currency', 'requestedAt'] as const),
];

const TERMS = [
  ...['method', 'sourceCurrency', 'quote', 'authorize', 'capture', 'cancel', 'refund', 'transfer', 'payOut'],
  ...['account', 'correction', 'resolve', 'operator', 'country'],
];

export function toldOf(row: AcceptedRow): ToldOperation {
  const { operation, environment, amountMinor, currency, requestedAt } = row;
  const operationId = `${OPERATION_PREFIXES[operation] ?? operation}_${row.digits}`;
  return {
    ...{ operationId, operation, environment, amountMinor, currency, requestedAt },
    paymentId: row.paymentId ?? operationId,
    merchantId: `mer_${row.merchant}`,
    customerId: row.customer === null ? null : `cus_${row.customer}`,
  };
}

/** Everything but the terms, as one text. */
export function sayTold(told: ToldOperation): string {
  return FIELDS.map((field) => String(told[field])).join(' ');
}

/** All terms of a record that are not null, as one text. */
export function sayTerms(record: object): string {
  return TERMS.map((name) => sayValue(Reflect.get(record, name) as unknown)).join(' ');
}

export interface Disagreed {
  readonly field: string;
  readonly expected: string;
  readonly found: string;
}

/** Where the record says something else than was asked; terms that nobody asked for are the gateway's to complete. */
export function* findDisagreements(row: AcceptedRow, told: ToldOperation): Generator<Disagreed> {
  const right = toldOf(row);
  for (const field of FIELDS) {
    if (right[field] !== told[field]) yield { field, expected: String(right[field]), found: String(told[field]) };
  }
  yield* findOtherTerms(row.terms, told);
}

export function* findOtherTerms(terms: string | null, record: object): Generator<Disagreed> {
  for (const [field, asked] of Object.entries(parseTerms(terms))) {
    const [expected, found] = [sayValue(asked), sayValue(Reflect.get(record, field) as unknown)];
    if (expected !== found) yield { field, expected, found };
  }
}

function parseTerms(terms: string | null): object {
  if (terms === null) return {};
  const value: unknown = JSON.parse(terms);
  return typeof value === 'object' && value !== null ? value : {};
}

/** In one order, without what is null, bigints as the text that JSON keeps them as. */
export function sayValue(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object') return '?';
  if (Array.isArray(value)) return `[${value.map(sayValue).join(',')}]`;
  const fields = Object.entries(value)
    .filter(([, each]) => each !== null)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, each]) => `${name}:${sayValue(each)}`).join(',')}}`;
}
