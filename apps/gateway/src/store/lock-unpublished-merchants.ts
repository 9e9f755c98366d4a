// Takes for one gateway the versions of merchants' settings that are not published yet.
import type { Transaction } from '@paystream/database';
import { fromUuid } from '@paystream/payments';
import type { MerchantUpdated } from '@paystream/topics';
import type { StoredFeePlan } from '../merchants/fee-plans.ts';
import { toFeePlan } from '../merchants/fee-plans.ts';
import type { StoredRiskPlan } from '../merchants/risk-plans.ts';
import { toRiskPlan } from '../merchants/risk-plans.ts';

/** Any number that no other advisory lock of this database uses. */
const PUBLISHING_LOCK = 71_001;

interface Row {
  merchant_id: string;
  environment: string;
  version: bigint;
  status: string;
  fee_plan: StoredFeePlan;
  risk_plan: StoredRiskPlan | null;
  country: string | null;
  updated_at_micros: bigint;
}

/** At most `limit`, each merchant's in the order of version; none when another gateway is at it. */
export async function lockUnpublishedMerchants(transaction: Transaction, limit: number): Promise<MerchantUpdated[]> {
  const [lock] = await transaction.query<{ got: boolean }>({
    text: 'SELECT pg_try_advisory_xact_lock($1) AS got',
    values: [PUBLISHING_LOCK],
  });
  if (lock?.got !== true) return [];
  const rows = await transaction.query<Row>({
    name: 'unpublished-merchants',
    text: `SELECT merchant_id, environment, version, status, fee_plan, risk_plan, country,
                  (extract(epoch FROM updated_at) * 1000000)::bigint AS updated_at_micros
             FROM merchant_versions WHERE published_at IS NULL
            ORDER BY updated_at, merchant_id, environment, version LIMIT $1`,
    values: [limit],
  });
  return rows.map((row) => ({
    merchantId: fromUuid('mer', row.merchant_id),
    environment: row.environment,
    version: row.version,
    status: row.status,
    feePlan: toFeePlan(row.fee_plan),
    updatedAt: row.updated_at_micros,
    country: row.country,
    riskPlan: row.risk_plan && toRiskPlan(row.risk_plan),
    routing: null,
  }));
}
