// Saves what a batch decided with one statement: decisions, postings, payments, balances, marks, events and the offset.
import type { CommittingTransaction, OffsetMove, OutgoingEvent } from '@paystream/database';
import { InvariantError, OffsetMovedError, outgoingPart, sqlStateOf } from '@paystream/database';
import type { Account, Payment } from '@paystream/ledger';
import { faultPoint } from '@paystream/runtime';
import type { DecidedRecord } from '../publish/place.ts';
import { operationsPart } from './insert-operations.ts';
import { paymentsPart } from './insert-payments.ts';
import { postingsPart } from './insert-postings.ts';
import { marksPart } from './mark-accounts.ts';
import type { SavePart } from './save-part.ts';
import { renumber } from './save-part.ts';
import { accountsPart } from './update-accounts.ts';

export interface DecisionRows {
  readonly move: OffsetMove;
  readonly ledgerNumber: bigint;
  readonly decided: readonly DecidedRecord[];
  readonly newPayments: readonly Payment[];
  /** Those the batch changed, sorted by id. */
  readonly accounts: readonly Account[];
  readonly before: ReadonlyMap<string, Account>;
  readonly shardOf: (accountId: string) => number;
  readonly events: readonly OutgoingEvent[];
}

interface NamedPart {
  readonly name: string;
  readonly text: string;
  parameters(rows: DecisionRows): unknown[];
}

function part<Rows>(name: string, { text, parameters }: SavePart<Rows>, of: (rows: DecisionRows) => Rows): NamedPart {
  return { name, text, parameters: (rows) => parameters(of(rows)) };
}

const PARTS: readonly NamedPart[] = [
  part('posted', postingsPart, ({ ledgerNumber, decided }) => ({
    ledgerNumber,
    decisions: decided.map(({ decision }) => decision),
  })),
  part('kept', operationsPart, ({ ledgerNumber, move, decided }) => ({
    ledgerNumber,
    partition: move.partition,
    decided,
  })),
  part('begun', paymentsPart, ({ newPayments }) => newPayments),
  part('balanced', { ...accountsPart, text: `${accountsPart.text} RETURNING 1` }, (rows) => rows),
  part('marked', marksPart, (rows) => rows),
  part('told', outgoingPart, ({ move, events }) => ({
    inputTopic: move.topic,
    inputPartition: move.partition,
    events,
  })),
];

/** Of the offset's move, and how many accounts there are. */
const OWN_PARAMETERS = 6;
/** Why the statement refuses to be committed. */
const OFFSET_MOVED = 'PS001';
const ACCOUNTS_CHANGED = 'PS002';
let text: string | null = null;

/**
 * Saves and commits in one trip: the statement itself refuses what must not be committed.
 * @throws OffsetMovedError when the offset is not at `move.from`; InvariantError when an account has another version than
 * the one that was read: its lock was not held. Either way nothing is committed
 */
export async function saveDecisions(transaction: CommittingTransaction, rows: DecisionRows): Promise<void> {
  const { group, topic, partition, from, to } = rows.move;
  const parameters = PARTS.map((each) => each.parameters(rows));
  text ??= statementOf(parameters.map((each) => each.length));
  const saved = transaction.queryAndCommit({
    name: 'save-decisions',
    text,
    values: [group, topic, partition, from, to, rows.accounts.length, ...parameters.flat()],
  });
  faultPoint('accounts.committing');
  await saved.catch((error: unknown) => {
    const state = sqlStateOf(error);
    if (state === OFFSET_MOVED) throw new OffsetMovedError(rows.move, from);
    if (state === ACCOUNTS_CHANGED) {
      throw new InvariantError('accounts changed under a batch that holds their locks', { cause: error });
    }
    throw error;
  });
}

function statementOf(counts: readonly number[]): string {
  let count = OWN_PARAMETERS;
  const writes = PARTS.map(({ name, text: own }, at) => {
    const write = `${name} AS (${renumber(own, count)})`;
    count += counts[at] ?? 0;
    return write;
  });
  return `WITH moved AS (
            UPDATE consumer_offsets SET next_offset = $5
             WHERE group_id = $1 AND topic = $2 AND partition = $3 AND next_offset = $4
            RETURNING 1
          ), ${writes.join(', ')}
          SELECT CASE WHEN NOT EXISTS (SELECT FROM moved) THEN refuse('the offset has moved', '${OFFSET_MOVED}')
                      WHEN (SELECT count(*) FROM balanced) <> $6::int THEN refuse('accounts have changed', '${ACCOUNTS_CHANGED}')
                 END`;
}
