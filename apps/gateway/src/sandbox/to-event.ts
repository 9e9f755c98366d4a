// Turns what a test tells into an event of the sandbox's provider: what it lacks is refused, what can be looked up is.
import type { Queryable } from '@paystream/database';
import { HttpError } from '@paystream/http';
import { isCurrency } from '@paystream/money';
import { derivedId } from '@paystream/payments';
import type { ProviderEvent } from '@paystream/topics';
import type { Caller } from '../access/authenticate.ts';
import { fromIso } from '../iso-micros.ts';
import { uuidOf } from '../operation-id.ts';
import { readOwnOperation } from '../store/read-own-operation.ts';
import type { StoredOperation } from '../store/stored-operation.ts';
import { checkText } from '../text-rules.ts';
import type { EventBody, EventType } from './model.ts';

const SANDBOX = 'sandbox';

/** The caller's own names that the event repeats. */
const ON_THE_LOG = ['id', 'reason', 'code'] as const;

/** What the events of each type are about. */
const SUBJECTS: Readonly<Record<EventType, 'payment' | 'payout'>> = {
  dispute_opened: 'payment',
  dispute_won: 'payment',
  dispute_lost: 'payment',
  pay_out_paid: 'payout',
  pay_out_failed: 'payout',
  pay_out_returned: 'payout',
};

/**
 * Names of different merchants' tests never meet: event and dispute are named within the merchant.
 * @throws HttpError for a field that is missing or out of place, and for what the merchant does not have
 */
export async function toEvent(
  database: Queryable,
  caller: Caller,
  body: EventBody,
  nowMicros: bigint,
): Promise<ProviderEvent> {
  for (const field of ON_THE_LOG) checkText(body[field] ?? '', `/${field}`);
  const { merchantId, environment } = caller;
  const subject = SUBJECTS[body.type];
  const about = await findSubject(database, caller, body, subject);
  const isDispute = subject === 'payment';
  if (isDispute && body.dispute === undefined) throw missing('/dispute');
  if (!isDispute && body.dispute !== undefined) throw outOfPlace('/dispute');
  if (body.type === 'dispute_opened' && body.amount === undefined) throw missing('/amount');
  const { currency = about.currency, fee } = body;
  if (currency === null || !isCurrency(currency)) throw new HttpError('currency_unknown', { param: '/currency' });
  return {
    providerEventId: `${merchantId}:${body.id}`,
    provider: SANDBOX,
    ...{ environment, merchantId, currency },
    type: body.type,
    providerReference: about.id,
    operationId: isDispute ? null : about.id,
    attemptId: null,
    disputeId: body.dispute === undefined ? null : derivedId('dp', merchantId, `${SANDBOX}:${body.dispute}`),
    amountMinor: amountOf(body, about),
    feeMinor: fee === undefined ? null : BigInt(fee),
    code: body.code ?? null,
    reasonCode: body.reason ?? null,
    dueBy: body.due_by === undefined ? null : fromIso(body.due_by, '/due_by'),
    occurredAt: nowMicros,
    receivedAt: nowMicros,
    paymentId: about.id,
    customerId: about.customerId,
  };
}

async function findSubject(
  database: Queryable,
  { merchantUuid, environment }: Caller,
  body: EventBody,
  subject: 'payment' | 'payout',
): Promise<StoredOperation> {
  const other = subject === 'payment' ? 'payout' : 'payment';
  if (body[other] !== undefined) throw outOfPlace(`/${other}`);
  const id = body[subject];
  if (id === undefined) throw missing(`/${subject}`);
  const uuid = uuidOf(subject === 'payment' ? 'pay' : 'po', id);
  const operations = subject === 'payment' ? (['pay', 'authorize'] as const) : (['pay_out'] as const);
  const found =
    uuid === undefined ? undefined : await readOwnOperation(database, { uuid, operations, merchantUuid, environment });
  if (found === undefined) throw new HttpError('object_not_found', { param: `/${subject}` });
  return found;
}

/** The end of a dispute may leave the amount to how it was opened. */
function amountOf({ amount, dispute }: EventBody, about: StoredOperation): bigint | null {
  if (amount !== undefined) return BigInt(amount);
  return dispute === undefined ? about.amountMinor : null;
}

function missing(param: string): HttpError {
  return new HttpError('parameter_missing', { param, detail: `Field ${param} is missing for an event of this type.` });
}

function outOfPlace(param: string): HttpError {
  const detail = `Field ${param} has no place in an event of this type.`;
  return new HttpError('parameter_invalid', { param, detail });
}
