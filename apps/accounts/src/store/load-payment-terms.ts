// Reads what of payments never changes: it says which accounts follow-ups are about, and so is read before any lock.
import type { Transaction } from '@paystream/database';
import type { PaymentTerms } from '@paystream/ledger';
import type { StoredConversion, StoredFee } from './terms-json.ts';
import { conversionFromJson, feeFromJson } from './terms-json.ts';

interface Row {
  payment_id: string;
  kind: PaymentTerms['kind'];
  environment: string;
  merchant_id: string;
  customer_id: string | null;
  currency: string;
  amount: bigint;
  rules_version: number;
  fees: StoredFee[];
  fx: StoredConversion | null;
  expires_at: bigint | null;
}

/** The terms of those of the payments that exist, by payment id. */
export async function loadPaymentTerms(
  transaction: Transaction,
  paymentIds: readonly string[],
): Promise<Map<string, PaymentTerms>> {
  if (paymentIds.length === 0) return new Map();
  const rows = await transaction.query<Row>({
    name: 'load-payment-terms',
    text: `SELECT payment_id, kind, environment, merchant_id, customer_id, currency, amount, rules_version, fees, fx,
                  expires_at
             FROM payments WHERE payment_id = ANY($1::text[])`,
    values: [paymentIds],
  });
  return new Map(rows.map((row) => [row.payment_id, toTerms(row)]));
}

function toTerms(row: Row): PaymentTerms {
  return {
    paymentId: row.payment_id,
    kind: row.kind,
    environment: row.environment,
    merchantId: row.merchant_id,
    customerId: row.customer_id,
    currency: row.currency,
    amountMinor: row.amount,
    rulesVersion: row.rules_version,
    fees: row.fees.map(feeFromJson),
    fx: row.fx === null ? null : conversionFromJson(row.fx),
    expiresAt: row.expires_at,
  };
}
