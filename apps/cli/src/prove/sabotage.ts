// Falsifies a copy of the books, and does it well: what can be mended is mended too, so that nothing but the log can tell.

import type { Transaction } from '@paystream/database';
import { CliError } from '../context.ts';

/** What is done to a copy of the books. */
export const BOOKS_SABOTAGES = [
  'changed-amount',
  'deleted-posting',
  'duplicated-posting',
  'swapped-account',
  'changed-hold',
  'changed-payment',
  'changed-fee-terms',
  'emptied-table',
  'sequence-set-back',
] as const;
type BooksSabotage = (typeof BOOKS_SABOTAGES)[number];

/** What is done to what stands around them, as it is read: see whole/falsify-pictures.ts. */
export const WHOLE_SABOTAGES = ['forged-record', 'lost-request', 'gateway-state'] as const;
export type WholeSabotage = (typeof WHOLE_SABOTAGES)[number];

export const SABOTAGES = [...BOOKS_SABOTAGES, ...WHOLE_SABOTAGES] as const;
export type Sabotage = (typeof SABOTAGES)[number];

export function isOfBooks(sabotage: Sabotage): sabotage is BooksSabotage {
  return BOOKS_SABOTAGES.some((each) => each === sabotage);
}

/** What was done, and the place in the books to which a proof must point. */
export interface Falsified {
  readonly sabotage: Sabotage;
  readonly place: FalsifiedPlace;
}

export type FalsifiedPlace =
  | { readonly kind: 'posting'; readonly ledgerNumber: bigint; readonly index: number }
  | { readonly kind: 'account'; readonly accountId: string }
  | { readonly kind: 'payment'; readonly paymentId: string }
  | { readonly kind: 'accounts' }
  | { readonly kind: 'ledger numbers' }
  | { readonly kind: 'record' | 'request'; readonly operationId: string }
  | { readonly kind: 'view'; readonly table: string; readonly key: string };

/** The place in a few words: `ledger 12/3`, or the id of the account or payment. */
export function sayPlace(place: FalsifiedPlace): string {
  switch (place.kind) {
    case 'posting':
      return `ledger ${place.ledgerNumber}/${place.index}`;
    case 'account':
      return place.accountId;
    case 'payment':
      return place.paymentId;
    case 'accounts':
    case 'ledger numbers':
      return place.kind;
    case 'record':
    case 'request':
      return place.operationId;
    case 'view':
      return `${place.table} ${place.key}`;
    default:
      return place satisfies never;
  }
}

const COPIED_TABLES = ['operations', 'postings', 'accounts', 'payments', 'disputes', 'corrections', 'spends'];

/**
 * From here on this transaction sees copies of the books: real tables in the session's own scratch schema, which come
 * before the true ones in its search path. They vanish with the transaction, even if this process is killed.
 */
export async function copyBooks(transaction: Transaction): Promise<void> {
  for (const table of COPIED_TABLES) {
    await transaction.execute({
      text: `CREATE TEMPORARY TABLE ${table} ON COMMIT DROP AS SELECT * FROM public.${table}`,
    });
  }
  await transaction.execute({ text: 'CREATE INDEX ON pg_temp.operations (operation_id)' });
}

interface Victim {
  readonly ledger_number: bigint;
  readonly index: number;
  readonly line: number;
  readonly debit_account: string;
  readonly credit_account: string;
  readonly currency: string;
  readonly amount: bigint;
}

/** Falsifies something in the middle of the copy. Throws `CliError` when the books are too small for it. */
export async function falsifyCopy(transaction: Transaction, sabotage: BooksSabotage): Promise<Falsified> {
  switch (sabotage) {
    case 'changed-hold':
      return { sabotage, place: await changeHold(transaction) };
    case 'changed-payment':
      return { sabotage, place: await changePayment(transaction) };
    case 'changed-fee-terms':
      return { sabotage, place: await changeTerms(transaction) };
    case 'emptied-table':
      await transaction.execute({ text: 'DELETE FROM pg_temp.accounts' });
      return { sabotage, place: { kind: 'accounts' } };
    case 'sequence-set-back':
      await transaction.execute({ text: 'CREATE TEMPORARY SEQUENCE ledger_numbers' });
      return { sabotage, place: { kind: 'ledger numbers' } };
    default:
      return { sabotage, place: await falsifyPosting(transaction, sabotage) };
  }
}

async function falsifyPosting(transaction: Transaction, sabotage: PostingSabotage): Promise<FalsifiedPlace> {
  const [victim] = await transaction.query<Victim>({
    text: `SELECT ledger_number, index, line, debit_account, credit_account, currency, amount FROM pg_temp.postings
            ORDER BY ledger_number, index, line OFFSET (SELECT count(*) / 2 FROM pg_temp.postings) LIMIT 1`,
  });
  if (victim === undefined) throw new CliError('The books hold no posting yet; there is nothing to falsify.');
  await falsify[sabotage](transaction, victim);
  return { kind: 'posting', ledgerNumber: victim.ledger_number, index: victim.index };
}

/** Holds one unit more: no posting tells of holds, so that only the log can. */
async function changeHold(transaction: Transaction): Promise<FalsifiedPlace> {
  const [account] = await transaction.query<{ id: string }>({
    text: `UPDATE pg_temp.accounts SET held = held + 1
            WHERE id = (SELECT id FROM pg_temp.accounts WHERE checked ORDER BY held DESC, id LIMIT 1) RETURNING id`,
  });
  if (account === undefined) throw new CliError('The books hold no account yet; there is nothing to falsify.');
  return { kind: 'account', accountId: account.id };
}

/** Lets a payment forget what of it was refunded, or refunds one unit of it without any posting. */
async function changePayment(transaction: Transaction): Promise<FalsifiedPlace> {
  const [payment] = await transaction.query<{ payment_id: string }>({
    text: `UPDATE pg_temp.payments SET refunded = CASE refunded WHEN 0 THEN 1 ELSE 0 END
            WHERE payment_id = (SELECT payment_id FROM pg_temp.payments ORDER BY refunded DESC, payment_id LIMIT 1)
        RETURNING payment_id`,
  });
  if (payment === undefined) throw new CliError('The books hold no payment yet; there is nothing to falsify.');
  return { kind: 'payment', paymentId: payment.payment_id };
}

/** Lets what a payment's refunds will be computed from be more than was agreed: one basis point, or a conversion. */
async function changeTerms(transaction: Transaction): Promise<FalsifiedPlace> {
  const [payment] = await transaction.query<{ payment_id: string }>({
    text: `UPDATE pg_temp.payments
              SET fees = jsonb_set(fees::jsonb, '{0,percentBps}', to_jsonb((fees->0->>'percentBps')::int + 1), false)::json,
                  fx = CASE json_array_length(fees) WHEN 0 THEN '{"baseRate":"1000000"}' ELSE fx END
            WHERE payment_id = (SELECT payment_id FROM pg_temp.payments
                                 ORDER BY json_array_length(fees) DESC, payment_id LIMIT 1)
        RETURNING payment_id`,
  });
  if (payment === undefined) throw new CliError('The books hold no payment yet; there is nothing to falsify.');
  return { kind: 'payment', paymentId: payment.payment_id };
}

type PostingSabotage = Extract<
  Sabotage,
  'changed-amount' | 'deleted-posting' | 'duplicated-posting' | 'swapped-account'
>;

const falsify: Record<PostingSabotage, (transaction: Transaction, victim: Victim) => Promise<void>> = {
  'changed-amount': async (transaction, victim) => {
    await change(transaction, victim, 'SET amount = amount + 1');
    await move(transaction, victim.debit_account, victim.credit_account, 1n);
  },
  'deleted-posting': async (transaction, victim) => {
    const { ledger_number: ledgerNumber, index, line } = victim;
    await transaction.execute({
      text: 'DELETE FROM pg_temp.postings WHERE ledger_number = $1 AND index = $2 AND line = $3',
      values: [ledgerNumber, index, line],
    });
    await move(transaction, victim.credit_account, victim.debit_account, victim.amount);
  },
  'duplicated-posting': async (transaction, victim) => {
    const { ledger_number: ledgerNumber, index, line } = victim;
    await transaction.execute({
      text: `INSERT INTO pg_temp.postings (ledger_number, index, line, debit_account, credit_account, currency, amount)
             SELECT ledger_number, index,
                    (SELECT max(line) + 1 FROM pg_temp.postings WHERE ledger_number = $1 AND index = $2),
                    debit_account, credit_account, currency, amount
               FROM pg_temp.postings WHERE ledger_number = $1 AND index = $2 AND line = $3`,
      values: [ledgerNumber, index, line],
    });
    await move(transaction, victim.debit_account, victim.credit_account, victim.amount);
  },
  'swapped-account': async (transaction, victim) => {
    const other = await anotherAccount(transaction, victim);
    await change(transaction, victim, 'SET credit_account = $4', other);
    await move(transaction, victim.credit_account, other, victim.amount);
  },
};

async function change(transaction: Transaction, victim: Victim, set: string, ...values: unknown[]): Promise<void> {
  await transaction.execute({
    text: `UPDATE pg_temp.postings ${set} WHERE ledger_number = $1 AND index = $2 AND line = $3`,
    values: [victim.ledger_number, victim.index, victim.line, ...values],
  });
}

async function move(transaction: Transaction, from: string, to: string, amountMinor: bigint): Promise<void> {
  await transaction.execute({
    text: `UPDATE pg_temp.accounts SET posted = posted + CASE id WHEN $1 THEN -$3::bigint ELSE $3::bigint END
            WHERE id IN ($1, $2)`,
    values: [from, to, amountMinor],
  });
}

async function anotherAccount(transaction: Transaction, victim: Victim): Promise<string> {
  const [account] = await transaction.query<{ id: string }>({
    text: `SELECT id FROM pg_temp.accounts WHERE currency = $1 AND id NOT IN ($2, $3) ORDER BY id LIMIT 1`,
    values: [victim.currency, victim.debit_account, victim.credit_account],
  });
  if (account === undefined) throw new CliError('The books hold too few accounts to swap one for another.');
  return account.id;
}
