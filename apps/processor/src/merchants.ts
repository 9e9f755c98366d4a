// Knows every version of every merchant that merchant.updated has told of, and which one is in force at a time.
import { HOUSE_MERCHANT_ID } from '@paystream/payments';
import type { DecidingMerchant } from '@paystream/pricing';
import { compilePlan } from '@paystream/pricing';
import type { MerchantUpdated } from '@paystream/topics';

/** A merchant's settings, ready for deciding. */
export interface MerchantVersion extends DecidingMerchant {
  version: bigint;
  /** In force from then; microseconds since the epoch. */
  updatedAt: bigint;
}

/** The house in a merchant's place: nobody updates it, and it is charged nothing. */
export const HOUSE: DecidingMerchant & { version: null } = {
  version: null,
  isActive: true,
  plan: compilePlan({ feePlanId: '', version: 0n, rules: [] }),
  riskPlan: null,
};

/** The merchant a request needs: the version the gateway saw, and the time that decides which is in force. */
export interface WantedMerchant {
  merchantId: string;
  environment: string;
  merchantVersion: bigint;
  requestedAt: bigint;
}

export interface WaitLimits {
  /** Ends the wait early. */
  signal: AbortSignal;
  deadlineMs: number;
}

export interface Merchants {
  /** Takes in a version; one that is known already changes nothing. */
  learn(update: MerchantUpdated): void;
  /**
   * The newest version in force at the time of the request, but none older than the one the gateway saw: that one the
   * gateway had committed, whatever the clocks say. Undefined when it has not been told yet.
   */
  find(wanted: WantedMerchant): MerchantVersion | typeof HOUSE | undefined;
  /**
   * Resolves once all are known, or the deadline has passed, with whether any had to be waited for. One that was waited for in vain is not waited for again, so
   * that a wrong record costs its partition one wait and not one per batch.
   * @throws the signal's reason when it aborts
   */
  waitFor(wanted: readonly WantedMerchant[], limits: WaitLimits): Promise<boolean>;
  /** Number of merchants and environments known. */
  count(): number;
}

/** Above what a wrong producer writes in a day; beyond it the oldest are waited for again. */
const WAITED_IN_VAIN_MAX = 10_000;

export function createMerchants(): Merchants {
  const versions = new Map<string, MerchantVersion[]>();
  const waitedInVain = new Set<string>();
  const onLearned = new Set<() => void>();

  const find: Merchants['find'] = (wanted) =>
    wanted.merchantId === HOUSE_MERCHANT_ID ? HOUSE : inForce(versions.get(nameOf(wanted)) ?? [], wanted);
  const isMissing = (wanted: WantedMerchant): boolean => find(wanted) === undefined;

  const giveUp = (missing: readonly WantedMerchant[]): void => {
    for (const wanted of missing) waitedInVain.add(versionNameOf(wanted));
    for (const oldest of waitedInVain) {
      if (waitedInVain.size <= WAITED_IN_VAIN_MAX) break;
      waitedInVain.delete(oldest);
    }
  };

  return {
    learn(update) {
      const name = nameOf(update);
      const known = versions.get(name) ?? [];
      if (known.some(({ version }) => version === update.version)) return;
      versions.set(name, [...known, versionOf(update)].toSorted(byVersion));
      for (const check of onLearned) check();
    },
    find,
    async waitFor(wanted, { signal, deadlineMs }) {
      const missing = wanted.filter((one) => isMissing(one) && !waitedInVain.has(versionNameOf(one)));
      if (missing.length === 0) return false;
      await untilTrue(() => !missing.some(isMissing), { signal, deadlineMs, onChange: onLearned });
      giveUp(missing.filter(isMissing));
      return true;
    },
    count: () => versions.size,
  };
}

interface Wait extends WaitLimits {
  onChange: Set<() => void>;
}

/** Resolves when the condition holds after a change, or at the deadline; rejects with the signal's reason. */
async function untilTrue(condition: () => boolean, { signal, deadlineMs, onChange }: Wait): Promise<void> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const check = (): void => {
    if (condition()) resolve();
  };
  const abort = (): void => reject(signal.reason);
  const timer = setTimeout(resolve, deadlineMs);
  onChange.add(check);
  signal.addEventListener('abort', abort);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    onChange.delete(check);
    signal.removeEventListener('abort', abort);
  }
}

function inForce(ascending: readonly MerchantVersion[], wanted: WantedMerchant): MerchantVersion | undefined {
  const newest = ascending.findLast(({ updatedAt }) => updatedAt <= wanted.requestedAt);
  if (newest !== undefined && newest.version >= wanted.merchantVersion) return newest;
  return ascending.find(({ version }) => version === wanted.merchantVersion);
}

function versionOf({ version, status, feePlan, riskPlan, updatedAt }: MerchantUpdated): MerchantVersion {
  return { version, isActive: status === 'active', plan: compilePlan(feePlan), riskPlan, updatedAt };
}

function byVersion(a: MerchantVersion, b: MerchantVersion): number {
  return a.version < b.version ? -1 : 1;
}

function nameOf({ merchantId, environment }: { merchantId: string; environment: string }): string {
  return `${environment}:${merchantId}`;
}

function versionNameOf(wanted: WantedMerchant): string {
  return `${nameOf(wanted)}:${wanted.merchantVersion}`;
}
