// Decides whose key it is, from a memory that forgets a key when it, or whom it belongs to, changes.
import { timingSafeEqual } from 'node:crypto';
import { HttpError } from '@paystream/http';
import type { Vault } from '@paystream/personal-data';
import type { Changes } from '../remembered/changes.ts';
import { digestOf, visiblePartOf } from './api-keys.ts';

/** How long a key is trusted of which nothing was heard, not even that nothing has changed; and a key that there is not. */
const KEPT_MS = 3_000;
const KEPT_KEYS_MAX = 10_000;
/** Keys not met before that are looked up at once: somebody who guesses keys is slowed down before the database is. */
const STRANGERS_AT_ONCE_MAX = 32;

/** A key that exists and is not revoked. */
export interface KnownKey<P> {
  digest: Buffer;
  /** The merchant or operator; what changes about them makes the key forgotten. */
  ownerUuid: string;
  principal: P;
  /** Why its owner may not come in all the same. */
  refusal: HttpError | null;
}

export interface KeyMemoryOptions<P> {
  vault: Vault;
  changes: Changes;
  /** Reads the key with this visible part; undefined: there is none. */
  find(visiblePart: string): Promise<KnownKey<P> | undefined>;
}

interface Entry<P> {
  loadedAtMs: number;
  /** Undefined: there is no such key. */
  kept: Promise<KnownKey<P> | undefined> | KnownKey<P> | undefined;
}

/** Answers without a promise when the key was met a moment ago. Throws HttpError when it is nobody's. */
export function createKeyMemory<P>({ vault, changes, find }: KeyMemoryOptions<P>): (key: string) => P | Promise<P> {
  const known = new Map<string, Entry<P>>();
  // Apart, so that guessed keys drive no real one out, and do not keep a real one waiting.
  const strangers = new Map<string, Entry<P>>();
  let strangersAsked = 0;
  // What was being read while something was forgotten may be what should have been.
  let forgotten = 0;
  changes.onChange((ownerUuid) => {
    forgotten += 1;
    for (const [visiblePart, { kept }] of known) if (isOf(kept, ownerUuid)) known.delete(visiblePart);
  });

  const drop = (visiblePart: string) => {
    known.delete(visiblePart);
    strangers.delete(visiblePart);
  };
  const keep = (visiblePart: string, entry: Entry<P>, where: Map<string, Entry<P>>) => {
    drop(visiblePart);
    where.set(visiblePart, entry);
    forgetOldest(where);
  };
  const load = async (visiblePart: string, entry: Entry<P>): Promise<KnownKey<P> | undefined> => {
    const isStranger = strangers.get(visiblePart) === entry;
    if (isStranger) strangersAsked += 1;
    const forgottenBefore = forgotten;
    try {
      const found = await find(visiblePart);
      entry.kept = found;
      if (forgotten === forgottenBefore) keep(visiblePart, entry, found === undefined ? strangers : known);
      else drop(visiblePart);
      return found;
    } catch (error) {
      drop(visiblePart);
      throw error;
    } finally {
      if (isStranger) strangersAsked -= 1;
    }
  };
  const entryOf = (visiblePart: string): Entry<P> => {
    const nowMs = performance.now();
    const last = known.get(visiblePart);
    if (last !== undefined && nowMs - Math.max(last.loadedAtMs, changes.confirmedAtMs()) < KEPT_MS) return last;
    const stranger = strangers.get(visiblePart);
    if (stranger !== undefined && nowMs - stranger.loadedAtMs < KEPT_MS) return stranger;
    const isKnown = last !== undefined;
    if (!isKnown && strangersAsked >= STRANGERS_AT_ONCE_MAX) throw new HttpError('too_many_requests');
    const entry: Entry<P> = { loadedAtMs: nowMs, kept: undefined };
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

/** What is still being read may be of anybody. */
function isOf<P>(kept: Entry<P>['kept'], ownerUuid: string | null): boolean {
  return ownerUuid === null || kept === undefined || kept instanceof Promise || kept.ownerUuid === ownerUuid;
}

/** A map keeps its entries in the order they were set, so the first is the oldest. */
function forgetOldest(entries: Map<string, unknown>): void {
  const [oldest] = entries.keys();
  if (entries.size > KEPT_KEYS_MAX && oldest !== undefined) entries.delete(oldest);
}
