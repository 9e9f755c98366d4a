// Saves what a batch decided with one statement: decisions, postings, payments, balances, marks, events and the offset.
import type { OffsetMove, OutgoingEvent, Transaction } from '@paystream/database';
import { OffsetMovedError, outgoingPart } from '@paystream/database';
import type { Account, Payment } from '@paystream/ledger';
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

/** Of the offset's move. */
const OWN_PARAMETERS = 5;
let text: string | null = null;

/**
 * To be the last statement before the commit: the offset's row is locked by it for no longer.
 * @throws OffsetMovedError when the offset is not at `move.from`; Error when an account has another version than the one
 * that was read: its lock was not held. Either way nothing may be committed
 */
export async function saveDecisions(transaction: Transaction, rows: DecisionRows): Promise<void> {
  const { group, topic, partition, from, to } = rows.move;
  const parameters = PARTS.map((each) => each.parameters(rows));
  text ??= statementOf(parameters.map((each) => each.length));
  const [saved] = await transaction.query<{ moved: boolean; balanced: bigint }>({
    name: 'save-decisions',
    text,
    values: [group, topic, partition, from, to, ...parameters.flat()],
  });
  if (saved?.moved !== true) throw new OffsetMovedError(rows.move, from);
  if (saved.balanced !== BigInt(rows.accounts.length)) {
    const missing = BigInt(rows.accounts.length) - saved.balanced;
    throw new Error(`${missing} accounts changed under a batch that holds their locks`);
  }
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
          SELECT EXISTS (SELECT FROM moved) AS moved, (SELECT count(*) FROM balanced) AS balanced`;
}
