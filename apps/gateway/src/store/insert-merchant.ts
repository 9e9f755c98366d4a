// Stores a merchant with the first version of its settings.
import type { Transaction } from '@paystream/database';
import type { FeePlan } from '@paystream/topics';
import { toStoredFeePlan } from '../merchants/fee-plans.ts';

export interface MerchantRow {
  merchantUuid: string;
  name: string;
  environment: string;
  country: string | null;
  feePlan: FeePlan;
}

export async function insertMerchant(transaction: Transaction, merchant: MerchantRow): Promise<void> {
  const { merchantUuid, name, environment, country, feePlan } = merchant;
  await transaction.execute({
    text: `WITH merchant AS (INSERT INTO merchants (id, name) VALUES ($1, $2) RETURNING id)
           INSERT INTO merchant_versions (merchant_id, environment, version, status, fee_plan, country)
           SELECT id, $3, 1, 'active', $4::json, $5 FROM merchant`,
    values: [merchantUuid, name, environment, JSON.stringify(toStoredFeePlan(feePlan)), country],
  });
}
