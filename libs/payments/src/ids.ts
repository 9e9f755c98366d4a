// Makes and reads ids: a type prefix and 32 hex digits outside PostgreSQL, a uuid inside the gateway's database.
import { v5, v7, validate } from 'uuid';
import type { Environment, Operation } from './operations.ts';

/** The project's own namespace: every derived id descends from it, so it never changes. */
const PROJECT_NAMESPACE = '6d0b7c3e-2f54-4c1a-9e87-51a3d2c94b60';

/** What each kind of thing is called by. An authorized payment is a payment. */
export const prefixes = {
  payment: 'pay',
  customer: 'cus',
  merchant: 'mer',
  top_up: 'tu',
  capture: 'cap',
  cancel: 'can',
  expire: 'exp',
  refund: 're',
  transfer: 'tr',
  pay_out: 'po',
  limit: 'lim',
  freeze: 'frz',
  unfreeze: 'unf',
  close: 'clo',
  correction: 'cor',
  resolution: 'res',
  fact: 'dis',
  attempt: 'att',
  dispute: 'dp',
  event: 'evt',
  fee_plan: 'fp',
  key: 'key',
  notification: 'ntf',
  operator: 'op',
  reason: 'rsn',
  payment_method: 'pm',
  quote: 'fxq',
} as const;

export type Prefix = (typeof prefixes)[keyof typeof prefixes];

/** `pay_0f…`: prefix, underscore, 32 lower-case hex digits. */
export type Id<P extends Prefix = Prefix> = `${P}_${string}`;

/** The house itself, in the merchant's place of outside facts and corrections that belong to no merchant. */
export const HOUSE_MERCHANT_ID: Id<'mer'> = `mer_${'0'.repeat(32)}`;

/** Prefix of an operation's id. */
export const operationPrefixes: Readonly<Record<Operation, Prefix>> = {
  pay: prefixes.payment,
  authorize: prefixes.payment,
  capture: prefixes.capture,
  cancel: prefixes.cancel,
  expire: prefixes.expire,
  refund: prefixes.refund,
  transfer: prefixes.transfer,
  top_up: prefixes.top_up,
  pay_out: prefixes.pay_out,
  limit: prefixes.limit,
  freeze: prefixes.freeze,
  unfreeze: prefixes.unfreeze,
  close: prefixes.close,
  correct: prefixes.correction,
  resolve: prefixes.resolution,
  dispute: prefixes.fact,
  return: prefixes.fact,
  report: prefixes.fact,
};

/** Whose key it is, and the key as the merchant sent it. */
export interface IdempotencyScope {
  merchantId: string;
  environment: Environment;
  /** Raw value of the Idempotency-Key header. */
  idempotencyKey: string;
}

/**
 * The operation a key stands for, for ever; of a payment's first operation it is also the payment's id. The same key names
 * the same uuid on every money endpoint, so that a reuse is noticed.
 */
export function operationIdOf(operation: Operation, scope: IdempotencyScope): Id {
  return fromUuid(operationPrefixes[operation], v5(scope.idempotencyKey, namespaceOf(scope)));
}

/** The end of a payment's hold: one per payment, whoever asks for it and how often. */
export function expireIdOf(paymentId: string): Id<'exp'> {
  return derivedId('exp', paymentId, 'expire');
}

/** The customer a key stands for. */
export function customerIdOf(scope: IdempotencyScope): Id<'cus'> {
  return fromUuid('cus', v5(`customer:${scope.idempotencyKey}`, namespaceOf(scope)));
}

/** An id that follows from another one and a name: the same every time it is asked for. */
export function derivedId<P extends Prefix>(prefix: P, namespaceId: string, name: string): Id<P> {
  return fromUuid(prefix, v5(name, toUuid(namespaceId)));
}

/** Id of an outside fact: one per provider and event id of theirs, however often they send it. */
export function factIdOf(provider: string, providerEventId: string): Id<'dis'> {
  return fromUuid('dis', v5(providerEventId, v5(`provider:${provider}`, PROJECT_NAMESPACE)));
}

/** A new id. Ids made later sort later, so that indexes grow at their end. */
export function newId<P extends Prefix>(prefix: P): Id<P> {
  return fromUuid(prefix, v7());
}

/** `0f8c…-…`: the uuid of an id of any prefix. Throws a RangeError when it is none. */
export function toUuid(id: string): string {
  const hex = id.slice(id.indexOf('_') + 1);
  const uuid = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  if (hex.length !== 32 || !validate(uuid)) throw new RangeError(`${id} is not an id`);
  return uuid;
}

/** The id a uuid has outside PostgreSQL. */
export function fromUuid<P extends Prefix>(prefix: P, uuid: string): Id<P> {
  return `${prefix}_${uuid.replaceAll('-', '').toLowerCase()}`;
}

const ID = /^(?<prefix>[a-z]{2,3})_[0-9a-f]{32}$/;

/** True when the text is an id of this prefix. */
export function isId<P extends Prefix>(prefix: P, text: string): text is Id<P> {
  return ID.exec(text)?.groups?.['prefix'] === prefix;
}

/** True when the text is an id of ours, of whatever. */
export function isAnyId(text: string): boolean {
  return ID.test(text);
}

function namespaceOf({ merchantId, environment }: IdempotencyScope): string {
  return v5(`${merchantId}:${environment}`, PROJECT_NAMESPACE);
}
