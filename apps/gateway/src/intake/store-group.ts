// Decides what becomes of a group of claims that arrived together, with one insert for all of them.
import type { Database } from '@paystream/database';
import { classifyError, sqlStateOf } from '@paystream/database';
import { HttpError } from '@paystream/http';
import type { Vault } from '@paystream/personal-data';
import type { Logger } from '@paystream/telemetry';
import type { Owners } from '../customers/owners.ts';
import { databaseErrorOf } from '../database-error.ts';
import type { InsertedOperations, NewOperation } from '../store/insert-operations.ts';
import { insertOperations } from '../store/insert-operations.ts';
import { readOperations } from '../store/read-operations.ts';
import type { StoredOperation } from '../store/stored-operation.ts';
import type { Claim, ClaimOutcome } from './claim.ts';
import type { GateOptions } from './gate.ts';
import { openGates } from './gate.ts';
import { checkOwners, ownedBy } from './own-customers.ts';
import { prepare } from './prepare.ts';
import type { Prepared } from './prepare.ts';

export interface StoreGroupOptions extends GateOptions {
  owners: Owners;
  vault: Vault;
  logger: Logger;
}

/** One outcome per claim, in their order. Throws only what is no fault of the database's. */
export async function storeGroup(options: StoreGroupOptions, claims: readonly Claim[]): Promise<ClaimOutcome[]> {
  const [owners, pass] = await Promise.all([options.owners.load(claims.flatMap(ownedBy)), openGates(options, claims)]);
  const prepared = new Map<string, Prepared>();
  const refusals = new Map<Claim, HttpError>();
  const firsts = new Set<Claim>();
  for (const claim of claims) {
    if (prepared.has(claim.uuid)) continue;
    const result = checkOwners(claim, owners) ?? prepare(pass(claim), owners, options);
    if (result instanceof HttpError) refusals.set(claim, result);
    else {
      prepared.set(claim.uuid, result);
      firsts.add(claim);
    }
  }
  const rows = [...prepared.values()].map(({ row }) => row).toSorted(byUuid);
  const inserted = await insert(options.database, rows);

  const isAccepted = (claim: Claim) => firsts.has(claim) && inserted.uuids.has(claim.uuid);
  const others = claims.filter((claim) => !isAccepted(claim));
  const known = await readKnown(options.database, others);
  return claims.map((claim) => {
    const first = prepared.get(claim.uuid);
    if (first !== undefined && isAccepted(claim)) {
      return {
        kind: 'accepted',
        claim: first.claim,
        requestedAtMicros: first.claim.judgedAtMicros ?? inserted.nowMicros,
      };
    }
    if (known instanceof HttpError) return { kind: 'refused', error: known };
    const stored = known.get(claim.uuid);
    if (stored !== undefined) return { kind: 'known', stored };
    const refusal = refusals.get(claim);
    if (refusal !== undefined) return { kind: 'refused', error: refusal };
    // Its row was left out because another refund of the payment has that id.
    if (typeof first?.row.merchantRefundId === 'string') {
      return { kind: 'refused', error: new HttpError('duplicate_refund', { payment_id: claim.paymentId }) };
    }
    // A claim that may be stored and is neither new nor there belongs to a transaction that is not over.
    return { kind: 'refused', error: new HttpError('request_in_progress', { payment_id: claim.paymentId }) };
  });
}

function byUuid(a: NewOperation, b: NewOperation): number {
  return a.uuid < b.uuid ? -1 : 1;
}

async function insert(database: Database, rows: readonly NewOperation[]): Promise<InsertedOperations> {
  if (rows.length === 0) return { uuids: new Set(), nowMicros: 0n };
  try {
    return await insertOperations(database, rows);
  } catch (error) {
    if (classifyError(error) !== 'transient') throw error;
    // A server that answers has not committed; a connection that is gone may have been lost after the commit.
    throw sqlStateOf(error) === null ? new HttpError('acceptance_unknown') : new HttpError('database_unavailable');
  }
}

/** What is stored under these ids; an error only for these claims when it cannot be read: others may be committed. */
async function readKnown(
  database: Database,
  claims: readonly Claim[],
): Promise<Map<string, StoredOperation> | HttpError> {
  if (claims.length === 0) return new Map();
  try {
    return await readOperations(
      database,
      claims.map(({ uuid }) => uuid),
    );
  } catch (error) {
    const translated = databaseErrorOf(error);
    if (translated === undefined) throw error;
    return translated;
  }
}
