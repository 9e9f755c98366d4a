// Finds what a correction is about, an operation or a fact from outside, for the correction follows it into its partition.
import type { Queryable } from '@paystream/database';
import type { Asker } from '../intake/claim.ts';
import { readFact } from '../store/read-fact.ts';
import { readOrder } from '../store/read-order.ts';
import { askerOf } from './accounts.ts';
import { uuidOfAny } from './operation-route.ts';

export interface CorrectedOperation {
  asker: Asker;
  paymentId: string;
  customerId: string | null;
}

/** Undefined when there is none of this id. */
export async function findCorrected(database: Queryable, operationId: string): Promise<CorrectedOperation | undefined> {
  const uuid = uuidOfAny(operationId);
  if (uuid === undefined) return undefined;
  const order = await readOrder(database, uuid);
  const found = order?.id === operationId ? order : await readFact(database, operationId);
  if (found === undefined) return undefined;
  const asker = await askerOf(database, found.merchantUuid, found.environment);
  return asker && { asker, paymentId: found.paymentId, customerId: found.customerId };
}
