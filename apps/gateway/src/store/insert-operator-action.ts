// Stores what an operator ordered and why; the table is only ever added to.
import type { Transaction } from '@paystream/database';

export interface OperatorAction {
  uuid: string;
  operatorUuid: string;
  /** `fee_plan.change`, `account.freeze`, … */
  action: string;
  objectId: string;
  reasonCode: string;
  reason: string;
  /** What became of it, in one word. */
  result: string;
}

export async function insertOperatorAction(transaction: Transaction, action: OperatorAction): Promise<void> {
  await transaction.execute({
    text: `INSERT INTO operator_actions (id, operator_id, action, object_id, reason_code, reason, result)
           VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    values: [
      action.uuid,
      action.operatorUuid,
      action.action,
      action.objectId,
      action.reasonCode,
      action.reason,
      action.result,
    ],
  });
}
