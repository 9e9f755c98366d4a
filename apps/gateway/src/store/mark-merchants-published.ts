// Marks versions of merchants' settings as published.
import type { Transaction } from '@paystream/database';
import { toUuid } from '@paystream/payments';
import type { MerchantUpdated } from '@paystream/topics';

export async function markMerchantsPublished(
  transaction: Transaction,
  versions: readonly Pick<MerchantUpdated, 'merchantId' | 'environment' | 'version'>[],
): Promise<void> {
  await transaction.execute({
    text: `UPDATE merchant_versions AS m SET published_at = now()
             FROM unnest($1::uuid[], $2::text[], $3::bigint[]) AS p(merchant_id, environment, version)
            WHERE m.merchant_id = p.merchant_id AND m.environment = p.environment AND m.version = p.version`,
    values: [
      versions.map(({ merchantId }) => toUuid(merchantId)),
      versions.map(({ environment }) => environment),
      versions.map(({ version }) => version),
    ],
  });
}
