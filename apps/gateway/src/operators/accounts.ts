// Decides whose an account is: which merchant's commands reach it, and which customer's key they have.
import type { Queryable } from '@paystream/database';
import { isCurrency } from '@paystream/money';
import type { AccountName, Environment } from '@paystream/payments';
import { fromUuid, isEnvironment, parseAccountId } from '@paystream/payments';
import type { Asker } from '../intake/claim.ts';
import { uuidOf } from '../operation-id.ts';
import { findCustomers } from '../store/find-customers.ts';
import { readSettings } from '../store/read-settings.ts';

export interface OwnedAccount {
  name: AccountName;
  asker: Asker;
  /** Null for a merchant's own. */
  customerId: string | null;
}

/** An owner's account of somebody we know, in any currency; undefined when there can be none of this name. */
export async function findOwnedAccount(database: Queryable, accountId: string): Promise<OwnedAccount | undefined> {
  const name = parseAccountId(accountId);
  if (name?.ownerId === undefined || name.ownerId === null || !isCurrency(name.currency)) return undefined;
  const { environment, ownerId, kind } = name;
  if (!isEnvironment(environment)) return undefined;
  const customerUuid = kind === 'payable' ? undefined : uuidOf('cus', ownerId);
  const ownUuid = kind === 'wallet' ? undefined : uuidOf('mer', ownerId);
  const merchantUuid = customerUuid === undefined ? ownUuid : await merchantOf(database, customerUuid, environment);
  if (merchantUuid === undefined) return undefined;
  const asker = await askerOf(database, merchantUuid, environment);
  return asker && { name, asker, customerId: customerUuid === undefined ? null : ownerId };
}

/** A merchant in whose name something is ordered, as the newest settings have it. */
export async function askerOf(
  database: Queryable,
  merchantUuid: string,
  environment: Environment,
): Promise<Asker | undefined> {
  const settings = await readSettings(database, { merchantUuid, environment });
  if (settings === undefined) return undefined;
  return { merchantId: fromUuid('mer', merchantUuid), merchantUuid, merchantVersion: settings.version, environment };
}

async function merchantOf(database: Queryable, customerUuid: string, environment: string): Promise<string | undefined> {
  const owner = (await findCustomers(database, [customerUuid])).get(customerUuid);
  return owner?.environment === environment ? owner.merchantUuid : undefined;
}
