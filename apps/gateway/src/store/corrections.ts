// Stores corrections that operators ask for, and reads one with where its operation stands.
import type { Queryable, Transaction } from '@paystream/database';
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

export interface StoredCorrection extends NewCorrection {
  approverUuid: string | null;
  reason: string;
  createdAtMicros: bigint;
  /** Of the operation; null until it is final. */
  outcome: string | null;
  failureCode: string | null;
  settledAtMicros: bigint | null;
}

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

/** False when it does not wait for anybody. */
export async function approveCorrection(
  transaction: Transaction,
  uuid: string,
  approverUuid: string,
): Promise<boolean> {
  const count = await transaction.execute({
    text: `UPDATE corrections SET status = 'ordered', approver_id = $2 WHERE id = $1 AND status = 'awaiting_approval'`,
    values: [uuid, approverUuid],
  });
  return count === 1;
}

interface Row {
  id: string;
  of_operation: string;
  merchant_id: string;
  environment: 'test' | 'live';
  customer_id: string | null;
  fingerprint: Buffer;
  lines: (Omit<CorrectionLine, 'amountMinor'> & { amountMinor: string })[];
  status: CorrectionStatus;
  operator_id: string;
  approver_id: string | null;
  reason_code: string;
  reason_id: string;
  reason: string;
  created_at_micros: bigint;
  outcome: string | null;
  failure_code: string | null;
  settled_at_micros: bigint | null;
}

export async function readCorrection(database: Queryable, uuid: string): Promise<StoredCorrection | undefined> {
  const [row] = await database.query<Row>({
    name: 'read-correction',
    text: `SELECT c.id, c.of_operation, c.merchant_id, c.environment, c.customer_id, c.fingerprint, c.lines, c.status,
                  c.operator_id, c.approver_id, c.reason_code, c.reason_id, a.reason,
                  (extract(epoch FROM c.created_at) * 1000000)::bigint AS created_at_micros,
                  u.status AS outcome, u.failure_code,
                  (extract(epoch FROM u.settled_at) * 1000000)::bigint AS settled_at_micros
             FROM corrections AS c JOIN operator_actions AS a ON a.id = c.reason_id
             LEFT JOIN outcomes AS u ON u.operation_id = c.id
            WHERE c.id = $1`,
    values: [uuid],
  });
  if (row === undefined) return undefined;
  return {
    uuid: row.id,
    ofOperation: row.of_operation,
    merchantUuid: row.merchant_id,
    environment: row.environment,
    customerUuid: row.customer_id,
    fingerprint: row.fingerprint,
    lines: row.lines.map((line) => ({ ...line, amountMinor: BigInt(line.amountMinor) })),
    status: row.status,
    operatorUuid: row.operator_id,
    approverUuid: row.approver_id,
    reasonCode: row.reason_code,
    reasonUuid: row.reason_id,
    reason: row.reason,
    createdAtMicros: row.created_at_micros,
    outcome: row.outcome,
    failureCode: row.failure_code,
    settledAtMicros: row.settled_at_micros,
  };
}
