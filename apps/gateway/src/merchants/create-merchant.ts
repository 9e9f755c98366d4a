// Makes a merchant with settings and a key in one environment, all or nothing; publishing the settings is the outbox's.
import type { Database } from '@paystream/database';
import type { Environment } from '@paystream/payments';
import { fromUuid, newId, toUuid } from '@paystream/payments';
import type { Vault } from '@paystream/personal-data';
import { digestOf, newApiKey } from '../access/api-keys.ts';
import { insertApiKey } from '../store/insert-api-key.ts';
import { insertMerchant } from '../store/insert-merchant.ts';
import { newFeePlan } from './fee-plans.ts';

/** What a merchant's own first key may do. */
const MERCHANT_SCOPES = ['payments:write', 'refunds:write', 'ledger:read'] as const;

export interface NewMerchant {
  merchantId: string;
  /** Shown this once; only a keyed hash of it is kept. */
  apiKey: string;
}

export interface CreateMerchantOptions {
  database: Database;
  vault: Vault;
  name: string;
  environment: Environment;
  /** ISO 3166-1 alpha-2; null: not known. */
  country: string | null;
}

export async function createMerchant({
  database,
  vault,
  name,
  environment,
  country,
}: CreateMerchantOptions): Promise<NewMerchant> {
  const merchantId = newId('mer');
  const merchantUuid = toUuid(merchantId);
  const { key: apiKey, visiblePart } = newApiKey(environment);
  await database.transaction(async (transaction) => {
    await insertMerchant(transaction, { merchantUuid, name, environment, country, feePlan: newFeePlan() });
    const scopes = MERCHANT_SCOPES;
    await insertApiKey(transaction, {
      merchantUuid,
      environment,
      visiblePart,
      digest: digestOf(vault, apiKey),
      scopes,
    });
  });
  return { merchantId: fromUuid('mer', merchantUuid), apiKey };
}
