// Decides what becomes of a group of claims that arrived together, with one insert for all of them.
import type { Database } from '@paystream/database';
import { classifyError, sqlStateOf } from '@paystream/database';
import { HttpError } from '@paystream/http';
import type { Vault } from '@paystream/personal-data';
import { CannotOpenError } from '@paystream/personal-data';
import type { Logger } from '@paystream/telemetry';
import type { Owners } from '../customers/owners.ts';
import { databaseErrorOf } from '../database-error.ts';
import type { CustomerOwner } from '../store/find-customers.ts';
import type { InsertedOperations, NewOperation } from '../store/insert-operations.ts';
import { insertOperations } from '../store/insert-operations.ts';
import { readOperations } from '../store/read-operations.ts';
import type { StoredOperation } from '../store/stored-operation.ts';
import type { Claim, ClaimOutcome } from './claim.ts';

export interface StoreGroupOptions {
  database: Database;
  owners: Owners;
  vault: Vault;
  logger: Logger;
}

/** One outcome per claim, in their order. Throws only what is no fault of the database's. */
export async function storeGroup(options: StoreGroupOptions, claims: readonly Claim[]): Promise<ClaimOutcome[]> {
  const owners = await options.owners.load(claims.map(({ customerUuid }) => customerUuid));
  const firsts = firstOfEachId(claims.filter((claim) => isOwn(owners.get(claim.customerUuid), claim)));
  const rows = [...firsts.values()].flatMap((claim) => toRow(claim, owners, options) ?? []).toSorted(byUuid);
  const sealed = new Set(rows.map(({ uuid }) => uuid));
  const inserted = await insert(options.database, rows);

  const isAccepted = (claim: Claim) => firsts.get(claim.uuid) === claim && inserted.uuids.has(claim.uuid);
  const others = claims.filter((claim) => !isAccepted(claim));
  const known = await readKnown(options.database, others);
  return claims.map((claim) => {
    if (isAccepted(claim)) return { kind: 'accepted', requestedAtMicros: inserted.requestedAtMicros };
    if (known instanceof HttpError) return { kind: 'refused', error: known };
    const stored = known.get(claim.uuid);
    if (stored !== undefined) return { kind: 'known', stored };
    if (!firsts.has(claim.uuid)) {
      return { kind: 'refused', error: new HttpError('customer_unknown', { param: '/customer' }) };
    }
    if (!sealed.has(claim.uuid)) return { kind: 'refused', error: new HttpError('internal') };
    // A claim of our own customer that is neither new nor there belongs to a transaction that is not over.
    return { kind: 'refused', error: new HttpError('request_in_progress', { payment_id: claim.id }) };
  });
}

function isOwn(owner: CustomerOwner | undefined, { merchantUuid, environment }: Claim): boolean {
  return owner !== undefined && owner.merchantUuid === merchantUuid && owner.environment === environment;
}

function firstOfEachId(claims: readonly Claim[]): Map<string, Claim> {
  const firsts = new Map<string, Claim>();
  for (const claim of claims) if (!firsts.has(claim.uuid)) firsts.set(claim.uuid, claim);
  return firsts;
}

/** Undefined, and logged, when the customer's key is damaged: that refuses this claim and none beside it. */
function toRow(
  claim: Claim,
  owners: ReadonlyMap<string, CustomerOwner>,
  { vault, logger }: StoreGroupOptions,
): NewOperation | undefined {
  const { details } = claim;
  const key = owners.get(claim.customerUuid)?.keySealed ?? null;
  // An erased person's details are not kept.
  if (details === null || key === null) return { ...claim, detailsSealed: null };
  try {
    return { ...claim, detailsSealed: vault.seal(key, details) };
  } catch (error) {
    if (!(error instanceof CannotOpenError)) throw error;
    logger.error({ err: error, customer: claim.customerId }, "a customer's key cannot be opened");
    return undefined;
  }
}

function byUuid(a: NewOperation, b: NewOperation): number {
  return a.uuid < b.uuid ? -1 : 1;
}

async function insert(database: Database, rows: readonly NewOperation[]): Promise<InsertedOperations> {
  if (rows.length === 0) return { uuids: new Set(), requestedAtMicros: 0n };
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
