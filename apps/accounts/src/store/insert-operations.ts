// Keeps every decision, so that it is taken once.
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
         SELECT $1::bigint, $2::int, * FROM unnest($3::text[], $4::smallint[], $5::int[], $6::bigint[], $7::text[],
                                                   $8::text[], $9::text[], $10::text[])`,
  parameters: ({ ledgerNumber, partition, decided }) => [
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
};
