// Names accounts: the id of an account says whose it is, what for and in which currency.

/** Accounts of customers and merchants: their funds are checked, and their rows are locked. */
export const ownedKinds = ['wallet', 'payable', 'receivable'] as const;

/** The house's accounts: never checked for funds, so each input partition has its own row and the sum is the balance. */
export const houseKinds = [
  'fee_income',
  'fx_position',
  'fx_rounding',
  'suspense',
  'payout_in_transit',
  'disputed',
  'world',
] as const;

/** The house's accounts with a provider, likewise one per input partition. */
export const providerKinds = ['provider_clearing', 'provider_pending'] as const;

export type OwnedKind = (typeof ownedKinds)[number];
export type HouseKind = (typeof houseKinds)[number];
export type ProviderKind = (typeof providerKinds)[number];
export type AccountKind = OwnedKind | HouseKind | ProviderKind;

/** A customer's wallet. */
export function walletAccountId(environment: string, customerId: string, currency: string): string {
  return `${environment}:wallet:${customerId}:${currency}`;
}

/** What a merchant is owed by us. */
export function payableAccountId(environment: string, merchantId: string, currency: string): string {
  return `${environment}:payable:${merchantId}:${currency}`;
}

/** What an owner, merchant or customer, owes us. */
export function receivableAccountId(environment: string, ownerId: string, currency: string): string {
  return `${environment}:receivable:${ownerId}:${currency}`;
}

/** The part of a house account that belongs to an input partition. */
export function houseAccountId(environment: string, kind: HouseKind, currency: string, partition: number): string {
  return `${environment}:${kind}:${currency}:p${partition}`;
}

/** The part of an account with a provider that belongs to an input partition. */
export function providerAccountId(
  environment: string,
  kind: ProviderKind,
  provider: string,
  currency: string,
  partition: number,
): string {
  return `${environment}:${kind}/${provider}:${currency}:p${partition}`;
}

const PROVIDER = /^[a-z0-9_]{1,40}$/;

/** True when the text can stand in an account's id as the name of a provider. */
export function isProviderName(text: string): boolean {
  return PROVIDER.test(text);
}

/** An account id taken apart. */
export interface AccountName {
  environment: string;
  kind: AccountKind;
  /** cus_… or mer_…; null for the house's. */
  ownerId: string | null;
  /** Null but for accounts with a provider. */
  provider: string | null;
  currency: string;
  /** Input partition; null for owned accounts, which are one row each. */
  partition: number | null;
}

const PARTS = /^(?<environment>test|live):(?<kind>[a-z_]+)(?:\/(?<provider>[^:/]+))?(?<rest>(?::[^:]+){2})$/;
const PARTITION = /^p(?<number>\d{1,5})$/;

/** An account id taken apart; undefined when the text names no account. */
export function parseAccountId(accountId: string): AccountName | undefined {
  const parts = PARTS.exec(accountId)?.groups;
  const { environment, kind, provider = null, rest } = parts ?? {};
  const [first, second] = rest?.slice(1).split(':') ?? [];
  if (environment === undefined || kind === undefined || first === undefined || second === undefined) return undefined;
  if (isOneOf(ownedKinds, kind) && provider === null) {
    return { environment, kind, ownerId: first, provider, currency: second, partition: null };
  }
  const number = PARTITION.exec(second)?.groups?.['number'];
  if (number === undefined) return undefined;
  const house = { environment, ownerId: null, currency: first, partition: Number(number) };
  if (isOneOf(houseKinds, kind) && provider === null) return { ...house, kind, provider };
  if (isOneOf(providerKinds, kind) && provider !== null && isProviderName(provider))
    return { ...house, kind, provider };
  return undefined;
}

function isOneOf<T extends string>(kinds: readonly T[], kind: string): kind is T {
  return (kinds as readonly string[]).includes(kind); // `includes` wants the narrower type it is about to establish
}
