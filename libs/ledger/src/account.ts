// Owns what an account is: whose, how it is guarded, and where it stands.
import type { AccountKind } from '@paystream/payments';
import { parseAccountId } from '@paystream/payments';

export type AccountStatus = 'open' | 'frozen' | 'closed';

/** An account as it stands. Amounts are minor units of its currency. */
export interface Account {
  readonly id: string;
  /** test | live */
  readonly environment: string;
  readonly kind: AccountKind;
  /** cus_… or mer_…: one row that all partitions share, locked before it is read. Null: the house's, one per partition. */
  readonly ownerId: string | null;
  readonly currency: string;
  /** Whether funds must suffice before it is debited. */
  readonly checked: boolean;
  readonly status: AccountStatus;
  /** Credits minus debits. */
  readonly postedMinor: bigint;
  /** Part of `postedMinor` that is set aside. */
  readonly heldMinor: bigint;
  /** How far below zero it may go. */
  readonly overdraftMinor: bigint;
  /** What may be spent from it in a UTC day, and how often; null: no limit. */
  readonly dailyAmountMinor: bigint | null;
  readonly dailyCount: bigint | null;
  /** What was spent from it on the day `spentDay`, in days since the epoch, and how often. */
  readonly spentDay: bigint;
  readonly spentMinor: bigint;
  readonly spentCount: bigint;
  /** +1 per operation that changes it. */
  readonly version: bigint;
}

/** What an owner owes us (receivable) is below zero by nature, and the house is never checked. */
const CHECKED_KINDS: ReadonlySet<AccountKind> = new Set(['wallet', 'payable']);

/** What of it is not set aside; an overdraft comes on top. */
export function spendableOf({ postedMinor, heldMinor }: Account): bigint {
  return postedMinor - heldMinor;
}

/** What the owner of a receivable owes us: it is below zero by so much. */
export function owedOn({ postedMinor }: Account): bigint {
  return postedMinor < 0n ? -postedMinor : 0n;
}

/** What comes from outside for a frozen or closed account goes to suspense instead. */
export function canReceive({ status }: Account): boolean {
  return status === 'open';
}

/**
 * An account that nothing has changed yet.
 * @throws RangeError when the text names no account: account ids are made by us, from ids that were checked
 */
export function newAccount(id: string): Account {
  const name = parseAccountId(id);
  if (name === undefined) throw new RangeError(`${id} names no account`);
  const { environment, kind, ownerId, currency } = name;
  return {
    id,
    environment,
    kind,
    ownerId,
    currency,
    checked: CHECKED_KINDS.has(kind),
    status: 'open',
    postedMinor: 0n,
    heldMinor: 0n,
    overdraftMinor: 0n,
    dailyAmountMinor: null,
    dailyCount: null,
    spentDay: 0n,
    spentMinor: 0n,
    spentCount: 0n,
    version: 0n,
  };
}
