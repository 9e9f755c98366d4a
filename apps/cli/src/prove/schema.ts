// Compares tables, constraints, triggers and functions of the books with what the migrations make, in a schema that never comes to be.

import { readdir, readFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import type { Database, Transaction } from '@paystream/database';
import type { Difference } from '@paystream/proof';

const ACCOUNTS_MIGRATIONS = new URL('../../../accounts/migrations/', import.meta.url);

type Definitions = ReadonlyMap<string, string>;

/** Carries the scratch schema's definitions out of the transaction that it is rolled back with. */
class RolledBack extends Error {
  readonly definitions: Definitions;

  constructor(definitions: Definitions) {
    super('the scratch schema is not kept');
    this.definitions = definitions;
  }
}

/** Runs the migrations that the database says have run, beside it, and names every object that is not as they make it. */
export async function findWrongSchema(database: Database): Promise<Difference[]> {
  const files = await migrationsRun(database);
  const expected = await definitionsByMigrations(database, files);
  const found = await readDefinitions(database, 'public');
  const tables = new Set([...expected.keys()].map(tableOf));
  const objects = new Set([...expected.keys(), ...[...found.keys()].filter((object) => tables.has(tableOf(object)))]);
  return [...objects].toSorted().flatMap((object): Difference[] => {
    const [wanted, is] = [expected.get(object) ?? 'nothing', found.get(object) ?? 'nothing'];
    return wanted === is ? [] : [{ kind: 'schema_wrong', object, expected: wanted, found: is }];
  });
}

/** `trigger postings.name` belongs to `postings`. */
function tableOf(object: string): string {
  return /^\S+ (?<table>[^.]+)/.exec(object)?.groups?.['table'] ?? object;
}

async function migrationsRun(database: Database): Promise<URL[]> {
  const rows = await database.query<{ name: string }>({ text: 'SELECT name FROM public.schema_migrations' });
  const run = new Set(rows.map(({ name }) => `${name}.sql`));
  const files = await readdir(ACCOUNTS_MIGRATIONS);
  return files
    .filter((file) => run.has(file))
    .toSorted()
    .map((file) => new URL(file, ACCOUNTS_MIGRATIONS));
}

async function definitionsByMigrations(database: Database, files: readonly URL[]): Promise<Definitions> {
  const schema = `prove_${randomBytes(8).toString('hex')}`;
  try {
    return await database.transaction(async (transaction) => {
      await transaction.execute({ text: `CREATE SCHEMA ${schema}` });
      await transaction.execute({ text: `SET LOCAL search_path TO ${schema}` });
      for (const file of files) await transaction.execute({ text: await readFile(file, 'utf8') });
      throw new RolledBack(await readDefinitions(transaction, schema));
    });
  } catch (error) {
    if (error instanceof RolledBack) return error.definitions;
    throw error;
  }
}

/** Non-unique indexes are left out: whoever adds one changes nothing that could be written. */
const DEFINITIONS = `
  SELECT 'table ' || relname AS object, concat_ws(' ', relkind, relpersistence, relrowsecurity) AS definition
    FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'p', 'v', 'S')
  UNION ALL
  SELECT 'column ' || relname || '.' || attname,
         concat_ws(' ', format_type(atttypid, atttypmod), collname, CASE WHEN attnotnull THEN 'not null' END,
                   pg_get_expr(adbin, adrelid))
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid LEFT JOIN pg_collation ON pg_collation.oid = attcollation
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
   WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'p', 'v') AND attnum > 0 AND NOT attisdropped
  UNION ALL
  SELECT 'constraint ' || relname || '.' || conname,
         pg_get_constraintdef(pg_constraint.oid) || CASE WHEN convalidated THEN '' ELSE ' not validated' END
    FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
   WHERE relnamespace = $1::regnamespace AND contype IN ('c', 'p', 'u', 'f', 'x')
  UNION ALL
  SELECT 'trigger ' || relname || '.' || tgname, concat_ws(' ', pg_get_triggerdef(pg_trigger.oid), tgenabled)
    FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
   WHERE relnamespace = $1::regnamespace AND NOT tgisinternal
  UNION ALL
  SELECT 'rule ' || relname || '.' || rulename, pg_get_ruledef(pg_rewrite.oid)
    FROM pg_rewrite JOIN pg_class ON pg_class.oid = ev_class WHERE relnamespace = $1::regnamespace
  UNION ALL
  SELECT 'index ' || owner.relname || '.' || pg_class.relname,
         pg_get_indexdef(indexrelid) || CASE WHEN indisvalid THEN '' ELSE ' not valid' END
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid JOIN pg_class AS owner ON owner.oid = indrelid
   WHERE owner.relnamespace = $1::regnamespace AND indisunique
  UNION ALL
  SELECT 'function ' || proname, prosrc FROM pg_proc WHERE pronamespace = $1::regnamespace
  UNION ALL
  SELECT 'sequence ' || relname, concat_ws(' ', seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle)
    FROM pg_sequence JOIN pg_class ON pg_class.oid = seqrelid WHERE relnamespace = $1::regnamespace`;

async function readDefinitions(database: Pick<Transaction, 'query'>, schema: string): Promise<Definitions> {
  const rows = await database.query<{ object: string; definition: string }>({ text: DEFINITIONS, values: [schema] });
  // Names are said with their schema or without it, as the search path has it.
  return new Map(rows.map(({ object, definition }) => [object, definition.replaceAll(`${schema}.`, '')]));
}
