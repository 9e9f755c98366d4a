// Stores a correction that an operator asks for.
import type { Transaction } from '@paystream/database';
import type { CorrectionLine } from '@paystream/topics';

export interface NewCorrection {
  uuid: string;
  ofOperation: string;
  merchantUuid: string;
  environment: 'test' | 'live';
  customerUuid: string | null;
  fingerprint: Buffer;
  lines: readonly CorrectionLine[];
  status: CorrectionStatus;
  operatorUuid: string;
  reasonCode: string;
  reasonUuid: string;
}

/** `ordered`: its operation is stored beside it. */
export type CorrectionStatus = 'awaiting_approval' | 'ordered';

/** False when there is one with this id already; it is left as it is. */
export async function insertCorrection(transaction: Transaction, correction: NewCorrection): Promise<boolean> {
  const lines = correction.lines.map((line) => ({ ...line, amountMinor: String(line.amountMinor) }));
  const count = await transaction.execute({
    text: `INSERT INTO corrections (id, of_operation, merchant_id, environment, customer_id, fingerprint, lines, status,
                                    operator_id, reason_code, reason_id)
           VALUES ($1, $2, $3, $4, $5, $6, $7::json, $8, $9, $10, $11) ON CONFLICT (id) DO NOTHING`,
    values: [
      correction.uuid,
      correction.ofOperation,
      correction.merchantUuid,
      correction.environment,
      correction.customerUuid,
      correction.fingerprint,
      JSON.stringify(lines),
      correction.status,
      correction.operatorUuid,
      correction.reasonCode,
      correction.reasonUuid,
    ],
  });
  return count === 1;
}
