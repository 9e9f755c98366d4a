// Decides whose API key it is, from a memory so short that a revoked key dies within five seconds.
import { timingSafeEqual } from 'node:crypto';
import type { Database } from '@paystream/database';
import type { Principal } from '@paystream/http';
import { HttpError } from '@paystream/http';
import type { Environment } from '@paystream/payments';
import { fromUuid } from '@paystream/payments';
import type { Vault } from '@paystream/personal-data';
import type { StoredApiKey } from '../store/find-api-key.ts';
import { findApiKey } from '../store/find-api-key.ts';
import { digestOf, visiblePartOf } from './api-keys.ts';

/** Well under the five seconds within which a revocation takes effect. */
const KEPT_MS = 3_000;
const KEPT_KEYS_MAX = 10_000;
/** Keys not met before that are looked up at once: somebody who guesses keys is slowed down before the database is. */
const STRANGERS_AT_ONCE_MAX = 32;

/** The merchant that asks, in one environment. */
export interface Caller extends Principal {
  merchantId: string;
  merchantUuid: string;
  environment: Environment;
  /** Version of merchant.updated this request is judged by. */
  merchantVersion: bigint;
}

interface Kept {
  digest: Buffer;
  caller: Caller;
  active: boolean;
}

interface Entry {
  loadedAtMs: number;
  /** Undefined: there is no such key. */
  kept: Promise<Kept | undefined> | Kept | undefined;
}

export type Authenticate = (key: string) => Caller | Promise<Caller>;

/** Answers without a promise when the key was met a moment ago. Throws HttpError when it is nobody's. */
export function createAuthenticate({ database, vault }: { database: Database; vault: Vault }): Authenticate {
  const known = new Map<string, Entry>();
  // Apart, so that guessed keys drive no real one out, and do not keep a real one waiting.
  const strangers = new Map<string, Entry>();
  let strangersAsked = 0;

  const keep = (visiblePart: string, entry: Entry, where: Map<string, Entry>) => {
    known.delete(visiblePart);
    strangers.delete(visiblePart);
    where.set(visiblePart, entry);
    forgetOldest(where);
  };
  const load = async (visiblePart: string, entry: Entry): Promise<Kept | undefined> => {
    const isStranger = strangers.get(visiblePart) === entry;
    if (isStranger) strangersAsked += 1;
    try {
      const found = await findApiKey(database, visiblePart);
      entry.kept = found && toKept(found);
      keep(visiblePart, entry, found === undefined ? strangers : known);
      return entry.kept;
    } catch (error) {
      known.delete(visiblePart);
      strangers.delete(visiblePart);
      throw error;
    } finally {
      if (isStranger) strangersAsked -= 1;
    }
  };
  const entryOf = (visiblePart: string): Entry => {
    const last = known.get(visiblePart) ?? strangers.get(visiblePart);
    if (last !== undefined && Date.now() - last.loadedAtMs < KEPT_MS) return last;
    const isKnown = known.has(visiblePart);
    if (!isKnown && strangersAsked >= STRANGERS_AT_ONCE_MAX) throw new HttpError('too_many_requests');
    const entry: Entry = { loadedAtMs: Date.now(), kept: undefined };
    keep(visiblePart, entry, isKnown ? known : strangers);
    entry.kept = load(visiblePart, entry);
    return entry;
  };

  return (key) => {
    const visiblePart = visiblePartOf(key);
    if (visiblePart === undefined) throw new HttpError('api_key_invalid');
    const digest = digestOf(vault, key);
    const { kept } = entryOf(visiblePart);
    return kept instanceof Promise ? kept.then((loaded) => callerOf(loaded, digest)) : callerOf(kept, digest);
  };
}

function callerOf(kept: Kept | undefined, digest: Buffer): Caller {
  if (kept === undefined || !timingSafeEqual(kept.digest, digest)) throw new HttpError('api_key_invalid');
  if (!kept.active) throw new HttpError('merchant_inactive');
  return kept.caller;
}

function toKept(found: StoredApiKey): Kept {
  const { digest, merchantUuid, environment, merchantVersion } = found;
  const caller: Caller = {
    keyId: fromUuid('key', found.id),
    scopes: new Set(found.scopes),
    merchantId: fromUuid('mer', merchantUuid),
    ...{ merchantUuid, environment, merchantVersion },
  };
  return { digest, caller, active: found.merchantStatus === 'active' };
}

/** A map keeps its entries in the order they were set, so the first is the oldest. */
function forgetOldest(entries: Map<string, Entry>): void {
  const [oldest] = entries.keys();
  if (entries.size > KEPT_KEYS_MAX && oldest !== undefined) entries.delete(oldest);
}
