// Keeps every decision, so that it is taken once.
import { rowsParameter } from '@paystream/database';
import type { DecidedRecord } from '../publish/place.ts';
import type { SavePart } from './save-part.ts';

export interface OperationRows {
  ledgerNumber: bigint;
  partition: number;
  decided: readonly DecidedRecord[];
}

/** A constraint refuses one that was decided meanwhile from another partition; a new try will find it. */
export const operationsPart: SavePart<OperationRows> = {
  text: `INSERT INTO operations (ledger_number, source_partition, operation_id, pass, index, source_offset, operation,
                                 payment_id, outcome, failure_code)
         SELECT $1::bigint, $2::int, o.* FROM unnest($3::operation_row[]) AS o`,
  parameters: ({ ledgerNumber, partition, decided }) => [
    ledgerNumber,
    partition,
    rowsParameter(
      decided.map(({ record, decision: { asked, index, outcome, failure } }) => [
        ...[asked.operationId, asked.pass, index, record.offset, asked.operation, asked.paymentId, outcome],
        failure?.code ?? null,
      ]),
    ),
  ],
};
