// Measures what PostgreSQL alone gives this machine: payments posted set-based on one connection, durably, and nothing else.

import { randomUUID } from 'node:crypto';
import type { Database } from '@paystream/database';
import { connectDatabase } from '../../connect.ts';

const CUSTOMERS = 1_000;
const STATEMENT_TIMEOUT_MS = 30_000;
const MERCHANT = 'merchant';

/** The bare shape of a ledger: no topics, no decisions, no outgoing events. */
const SCHEMA = [
  `CREATE TABLE accounts (id text COLLATE "C" PRIMARY KEY, posted bigint NOT NULL, version bigint NOT NULL) WITH (fillfactor = 50)`,
  `CREATE TABLE postings (ledger_number bigint, index integer, line smallint, debit_account text COLLATE "C",
     credit_account text COLLATE "C", currency text, amount bigint CHECK (amount > 0), PRIMARY KEY (ledger_number, index, line))`,
  `CREATE TABLE operations (operation_id uuid PRIMARY KEY, ledger_number bigint, index integer)`,
  `INSERT INTO accounts SELECT 'customer-' || n, 1000000000, 0 FROM generate_series(1, ${CUSTOMERS}) AS n`,
  `INSERT INTO accounts VALUES ('${MERCHANT}', 0, 0), ('fees', 0, 0)`,
];

/** Payments per second with so many payments in each transaction. The database is made for it and dropped. */
export async function measurePosting(
  adminUrl: string,
  paymentsPerTransaction: number,
  seconds: number,
): Promise<number> {
  const name = `bench_limits_${paymentsPerTransaction}`;
  const admin = connectDatabase(adminUrl, STATEMENT_TIMEOUT_MS);
  try {
    await admin.execute({ text: `DROP DATABASE IF EXISTS ${name}` });
    await admin.execute({ text: `CREATE DATABASE ${name}` });
    const url = new URL(adminUrl);
    url.pathname = `/${name}`;
    const database = connectDatabase(url.href, STATEMENT_TIMEOUT_MS);
    try {
      for (const text of SCHEMA) await database.execute({ text });
      return await postFor(database, paymentsPerTransaction, seconds);
    } finally {
      await database.close();
      await admin.execute({ text: `DROP DATABASE ${name}` });
    }
  } finally {
    await admin.close();
  }
}

async function postFor(database: Database, payments: number, seconds: number): Promise<number> {
  await postBatch(database, 0, payments);
  const start = performance.now();
  let batches = 0;
  while (performance.now() - start < seconds * 1_000) await postBatch(database, (batches += 1), payments);
  return (batches * payments) / ((performance.now() - start) / 1_000);
}

/** One batch as the accounts app writes it: lock, insert, update, each one statement over arrays. */
async function postBatch(database: Database, number: number, payments: number): Promise<void> {
  const indexes = Array.from({ length: payments }, (_, index) => index);
  const customers = indexes.map((index) => `customer-${((number * payments + index) % CUSTOMERS) + 1}`);
  const touched = [...new Set([...customers, MERCHANT, 'fees'])].toSorted();
  const perCustomer = Map.groupBy(customers, (customer) => customer);
  const changes = touched.map((id) => {
    if (id === MERCHANT) return BigInt(payments) * 1_037n;
    return id === 'fees' ? BigInt(payments) * 62n : BigInt(perCustomer.get(id)?.length ?? 0) * -1_099n;
  });
  await database.transaction(async (transaction) => {
    await transaction.query({
      name: 'lock',
      text: 'SELECT id FROM accounts WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE',
      values: [touched],
    });
    await transaction.execute({
      name: 'operations',
      text: 'INSERT INTO operations SELECT id, $1, index FROM unnest($2::uuid[], $3::int[]) AS t (id, index)',
      values: [number, indexes.map(() => randomUUID()), indexes],
    });
    await transaction.execute({
      name: 'postings',
      text: `INSERT INTO postings
             SELECT $1, index, line, customer, CASE line WHEN 0 THEN '${MERCHANT}' ELSE 'fees' END, 'USD',
                    CASE line WHEN 0 THEN 1037 ELSE 62 END
               FROM unnest($2::int[], $3::text[]) AS t (index, customer), generate_series(0, 1) AS line`,
      values: [number, indexes, customers],
    });
    await transaction.execute({
      name: 'balances',
      text: `UPDATE accounts SET posted = posted + change, version = version + 1
               FROM unnest($1::text[], $2::bigint[]) AS t (account, change) WHERE id = account`,
      values: [touched, changes],
    });
  });
}
