// Decides whose key it is, from a memory so short that a revoked key dies within five seconds.
import { timingSafeEqual } from 'node:crypto';
import { HttpError } from '@paystream/http';
import type { Vault } from '@paystream/personal-data';
import { digestOf, visiblePartOf } from './api-keys.ts';

/** Well under the five seconds within which a revocation takes effect. */
const KEPT_MS = 3_000;
const KEPT_KEYS_MAX = 10_000;
/** Keys not met before that are looked up at once: somebody who guesses keys is slowed down before the database is. */
const STRANGERS_AT_ONCE_MAX = 32;

/** A key that exists and is not revoked. */
export interface KnownKey<P> {
  digest: Buffer;
  principal: P;
  /** Why its owner may not come in all the same. */
  refusal: HttpError | null;
}

export interface KeyMemoryOptions<P> {
  vault: Vault;
  /** Reads the key with this visible part; undefined: there is none. */
  find(visiblePart: string): Promise<KnownKey<P> | undefined>;
}

interface Entry<P> {
  loadedAtMs: number;
  /** Undefined: there is no such key. */
  kept: Promise<KnownKey<P> | undefined> | KnownKey<P> | undefined;
}

/** Answers without a promise when the key was met a moment ago. Throws HttpError when it is nobody's. */
export function createKeyMemory<P>({ vault, find }: KeyMemoryOptions<P>): (key: string) => P | Promise<P> {
  const known = new Map<string, Entry<P>>();
  // Apart, so that guessed keys drive no real one out, and do not keep a real one waiting.
  const strangers = new Map<string, Entry<P>>();
  let strangersAsked = 0;

  const keep = (visiblePart: string, entry: Entry<P>, where: Map<string, Entry<P>>) => {
    known.delete(visiblePart);
    strangers.delete(visiblePart);
    where.set(visiblePart, entry);
    forgetOldest(where);
  };
  const load = async (visiblePart: string, entry: Entry<P>): Promise<KnownKey<P> | undefined> => {
    const isStranger = strangers.get(visiblePart) === entry;
    if (isStranger) strangersAsked += 1;
    try {
      const found = await find(visiblePart);
      entry.kept = found;
      keep(visiblePart, entry, found === undefined ? strangers : known);
      return found;
    } catch (error) {
      known.delete(visiblePart);
      strangers.delete(visiblePart);
      throw error;
    } finally {
      if (isStranger) strangersAsked -= 1;
    }
  };
  const entryOf = (visiblePart: string): Entry<P> => {
    const last = known.get(visiblePart) ?? strangers.get(visiblePart);
    if (last !== undefined && Date.now() - last.loadedAtMs < KEPT_MS) return last;
    const isKnown = known.has(visiblePart);
    if (!isKnown && strangersAsked >= STRANGERS_AT_ONCE_MAX) throw new HttpError('too_many_requests');
    const entry: Entry<P> = { loadedAtMs: Date.now(), kept: undefined };
    keep(visiblePart, entry, isKnown ? known : strangers);
    entry.kept = load(visiblePart, entry);
    return entry;
  };

  return (key) => {
    const visiblePart = visiblePartOf(key);
    if (visiblePart === undefined) throw new HttpError('api_key_invalid');
    const digest = digestOf(vault, key);
    const { kept } = entryOf(visiblePart);
    return kept instanceof Promise ? kept.then((loaded) => principalOf(loaded, digest)) : principalOf(kept, digest);
  };
}

function principalOf<P>(kept: KnownKey<P> | undefined, digest: Buffer): P {
  if (kept === undefined || !timingSafeEqual(kept.digest, digest)) throw new HttpError('api_key_invalid');
  if (kept.refusal !== null) throw kept.refusal;
  return kept.principal;
}

/** A map keeps its entries in the order they were set, so the first is the oldest. */
function forgetOldest(entries: Map<string, unknown>): void {
  const [oldest] = entries.keys();
  if (entries.size > KEPT_KEYS_MAX && oldest !== undefined) entries.delete(oldest);
}
