// Reads a correction with where its operation stands.
import type { Queryable } from '@paystream/database';
import type { CorrectionLine } from '@paystream/topics';
import type { CorrectionStatus, NewCorrection } from './insert-correction.ts';

export interface StoredCorrection extends NewCorrection {
  approverUuid: string | null;
  reason: string;
  createdAtMicros: bigint;
  /** Of the operation; null until it is final. */
  outcome: string | null;
  failureCode: string | null;
  settledAtMicros: bigint | null;
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
