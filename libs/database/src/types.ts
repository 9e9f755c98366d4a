// The shapes other rooms see of a database: a query, a transaction, a pool. No type of pg is among them.

/** One statement. With a `name` it is prepared once per connection. Arrays are passed as arrays (`unnest($1::bigint[])`). */
export interface Query {
  name?: string;
  text: string;
  values?: unknown[];
}

/** What can run statements: the pool (each statement its own transaction) or a transaction. */
export interface Queryable {
  /** Runs a statement and gives its rows: int8 as bigint, timestamptz as Date, bytea as Buffer, numeric as text. */
  query<Row extends object>(query: Query): Promise<Row[]>;
  /** Runs a statement and gives the number of rows it touched. */
  execute(query: Query): Promise<number>;
}

export type Transaction = Queryable;

/** A transaction whose last statement may take the commit along. */
export interface CommittingTransaction extends Transaction {
  /**
   * Runs the last statement and commits, without waiting in between: the statement has to fail where it must not be
   * committed. Nothing may follow it. Resolves once it is committed.
   * @throws CommitUnknownError when the connection was lost before both were answered; what the server threw otherwise
   */
  queryAndCommit<Row extends object>(query: Query): Promise<Row[]>;
}

export interface TransactionOptions {
  /** READ COMMITTED unless said otherwise; REPEATABLE READ reads one snapshot (the proof). */
  isolation?: 'read committed' | 'repeatable read';
  readOnly?: boolean;
  /**
   * The statements that are given before anything is awaited only read and lock: they are sent along with BEGIN, which a
   * pipelined connection does not wait for. Should BEGIN fail they have run for themselves, and nothing is run after them.
   */
  readsFirst?: boolean;
}

export interface Database extends Queryable {
  /** Which database this is, for logs. */
  readonly name: string;
  /**
   * Runs `work` in one transaction; commits when it resolves, rolls back when it throws. Never tries again.
   * @throws CommitUnknownError when the connection was lost at COMMIT; whatever `work` or the server threw otherwise
   */
  transaction<T>(work: (transaction: CommittingTransaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** As `transaction`, tried again (a named number of times) on serialization failures and deadlocks: `work` runs anew. */
  transactionWithRetry<T>(
    work: (transaction: CommittingTransaction) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T>;
  /**
   * Calls `onNotification` with the payload of every NOTIFY on the channel, over its own connection, which is opened
   * again when it is lost; what was sent meanwhile is lost too. Resolves, when listening, to a function that stops it.
   */
  listen(channel: string, onNotification: (payload: string) => void): Promise<() => Promise<void>>;
  /** Brings the schema up to the numbered SQL files of a folder; any number of processes may do so at once. */
  migrate(folder: URL): Promise<void>;
  /** Resolves once every connection is closed; statements in flight end first. */
  close(): Promise<void>;
}
