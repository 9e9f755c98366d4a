// Takes an operator's order on money or an account: it is kept together with its reason, published, and waited for.
import type { Transaction } from '@paystream/database';
import { HttpError } from '@paystream/http';
import type { IdempotencyScope } from '@paystream/payments';
import type { GatewayContext } from '../context.ts';
import { differingField } from '../idempotency/fingerprint.ts';
import type { Asker, Claim } from '../intake/claim.ts';
import { bodyOf } from '../intake/kept-body.ts';
import { prepare } from '../intake/prepare.ts';
import { insertOperations } from '../store/insert-operations.ts';
import type { StoredOrder } from '../store/read-order.ts';
import { readOrder } from '../store/read-order.ts';

type OrderContext = Pick<GatewayContext, 'database' | 'vault' | 'logger' | 'outlet' | 'waiters'>;

/** No merchant's key has a space in it, so that no merchant can use up a key of an operator's. */
export function commandScope({ merchantId, environment }: Asker, idempotencyKey: string): IdempotencyScope {
  return { merchantId, environment, idempotencyKey: `operator ${idempotencyKey}` };
}

/** Apart from commands: a correction has its id before it has its operation, and a command must not take its place. */
export function correctionScope({ merchantId, environment }: Asker, idempotencyKey: string): IdempotencyScope {
  return { merchantId, environment, idempotencyKey: `operator correction ${idempotencyKey}` };
}

/**
 * Stores the operation, and in the same transaction what `beside` writes; does not publish it yet. Gives when it was
 * stored; null, without calling `beside`, when it was stored before.
 */
export async function storeOrder(
  transaction: Transaction,
  { vault, logger }: OrderContext,
  claim: Claim,
  beside: (transaction: Transaction) => Promise<void>,
): Promise<bigint | null> {
  // Orders have no words of their own to be sealed, so nobody's key is needed.
  const prepared = prepare(claim, new Map(), { vault, logger });
  if (prepared instanceof HttpError) throw prepared;
  const { uuids, nowMicros } = await insertOperations(transaction, [prepared.row]);
  if (!uuids.has(claim.uuid)) return null;
  await beside(transaction);
  return nowMicros;
}

/** An order as it stands, and whether the key was used before by an equal one. */
export interface Taken {
  order: StoredOrder;
  replayed: boolean;
}

/**
 * Stores, publishes and waits. What a crash leaves unpublished, a relay publishes.
 * @throws HttpError `idempotency_key_reused`
 */
export async function takeOrder(
  context: OrderContext,
  claim: Claim,
  beside: (transaction: Transaction) => Promise<void>,
  waitMs: number,
): Promise<Taken> {
  const storedAtMicros = await context.database.transaction((transaction) =>
    storeOrder(transaction, context, claim, beside),
  );
  if (storedAtMicros === null) refuseOther(claim, await knownOrder(context, claim.uuid));
  else context.outlet.push([{ ...claim, requestedAtMicros: storedAtMicros }]);
  return { order: await waitForOrder(context, claim.uuid, waitMs), replayed: storedAtMicros === null };
}

/** The order when it is final, or as it is when the time is over. */
export async function waitForOrder(context: OrderContext, uuid: string, waitMs: number): Promise<StoredOrder> {
  const order = await knownOrder(context, uuid);
  if (order.status !== null || waitMs === 0) return order;
  await new Promise<void>((resolve) => {
    const isWaiting = context.waiters.wait(uuid, waitMs, () => resolve());
    if (!isWaiting) resolve();
  });
  return knownOrder(context, uuid);
}

async function knownOrder({ database }: OrderContext, uuid: string): Promise<StoredOrder> {
  const order = await readOrder(database, uuid);
  if (order === undefined) throw new HttpError('object_not_found');
  return order;
}

function refuseOther(claim: Claim, { fingerprint, body, amountMinor, currency, customerId }: StoredOrder): void {
  if (fingerprint.equals(claim.fingerprint)) return;
  const field = differingField(claim.body, bodyOf({ body, amountMinor, currency, customerId }));
  // All is kept with the operation but the words of the reason.
  throw new HttpError('idempotency_key_reused', { param: field ?? '/reason' });
}
