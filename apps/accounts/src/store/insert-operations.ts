// Keeps every decision, so that it is taken once.
import type { Transaction } from '@paystream/database';
import type { DecidedRecord } from '../publish/place.ts';

/**
 * Inserts the batch's decisions.
 * @throws a constraint error when one of them was decided meanwhile from another partition; a new try will find it
 */
export async function insertOperations(
  transaction: Transaction,
  { ledgerNumber, partition, decided }: { ledgerNumber: bigint; partition: number; decided: readonly DecidedRecord[] },
): Promise<void> {
  await transaction.execute({
    name: 'insert-operations',
    text: `INSERT INTO operations (ledger_number, source_partition, operation_id, pass, index, source_offset, operation,
                                   payment_id, outcome, failure_code)
           SELECT $1, $2, * FROM unnest($3::text[], $4::smallint[], $5::int[], $6::bigint[], $7::text[], $8::text[],
                                        $9::text[], $10::text[])`,
    values: [
      ledgerNumber,
      partition,
      decided.map(({ decision }) => decision.asked.operationId),
      decided.map(({ decision }) => decision.asked.pass),
      decided.map(({ decision }) => decision.index),
      decided.map(({ record }) => record.offset),
      decided.map(({ decision }) => decision.asked.operation),
      decided.map(({ decision }) => decision.asked.paymentId),
      decided.map(({ decision }) => decision.outcome),
      decided.map(({ decision }) => decision.failure?.code ?? null),
    ],
  });
}
