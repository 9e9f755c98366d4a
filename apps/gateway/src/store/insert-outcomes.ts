// Stores final outcomes with their frozen answers; the first outcome of an operation stays.
import { rowsParameter } from '@paystream/database';
import type { StatusPart } from './status-part.ts';

export interface Outcome {
  uuid: string;
  status: string;
  failureCode: string | null;
  settledAtMicros: bigint;
  answer: string;
}

export const outcomesPart: StatusPart<Outcome> = {
  text: `INSERT INTO outcomes (operation_id, status, failure_code, settled_at, answer)
         SELECT id, status, failure_code, to_timestamp(0) + settled_at * interval '1 microsecond', answer
           FROM ROWS FROM (unnest($1::outcome_row[]), unnest($2::text[]))
             AS o(id, status, failure_code, settled_at, answer)
          WHERE EXISTS (SELECT FROM moved)
          ORDER BY id
         ON CONFLICT (operation_id) DO NOTHING`,
  parameters: (outcomes) => [
    rowsParameter(
      outcomes.map(({ uuid, status, failureCode, settledAtMicros }) => [uuid, status, failureCode, settledAtMicros]),
    ),
    outcomes.map(({ answer }) => answer),
  ],
};
