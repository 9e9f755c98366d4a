// Decides how every connection to PostgreSQL is set up: what types become, and after how long who gives up.
import pg from 'pg';

/** Below the consumers' session timeout (6 s), or a frozen member would keep its rows locked after it lost them. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 5_000;
export const STATEMENT_TIMEOUT_MS = 5_000;
/** The server answers at its statement timeout; when not even that comes, the connection is dead. */
const ANSWER_GRACE_MS = 3_000;
const CONNECT_TIMEOUT_MS = 5_000;
const KEEP_ALIVE_DELAY_MS = 10_000;

const INT8_OID = 20;
const INT8_ARRAY_OID = 1016;

/** A generic plan made for an empty table posts 8,900 payments/s where one made for the values posts 22,600. */
const PLANS_FOR_VALUES = '-c plan_cache_mode=force_custom_plan';
/**
 * A named statement is planned once per connection. Its plan is made when tables may still be empty, so scans of whole
 * tables are ruled out: what reads through an index then does so at any size.
 */
const KEPT_PLANS =
  '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off';

/** int8 is read as bigint on our own connections only; pg's global parsers stay as they are. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number): Parser => {
    if (oid === INT8_OID) return BigInt;
    if (oid === INT8_ARRAY_OID) return parseBigintArray;
    return pgParser(oid);
  },
};

type Parser = (text: string) => unknown;
// pg types the oid as an enumeration of those it knows and the parser as any; both are as written here.
const pgParser = pg.types.getTypeParser as (oid: number) => Parser;

export interface ConnectionOptions {
  url: string;
  name: string;
  /** null: no limit (migrations). */
  statementTimeoutMs: number | null;
  /** Statements given without waiting for the last one's answer are sent at once. */
  pipelined?: boolean;
  keptPlans?: boolean;
}

/** The options of one connection, for a pool or a client of its own. */
export function connectionConfig({
  url,
  name,
  statementTimeoutMs,
  pipelined = false,
  keptPlans = false,
}: ConnectionOptions): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: name,
    types,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    pipeline: pipelined,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
    options: keptPlans ? KEPT_PLANS : PLANS_FOR_VALUES,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    ...(statementTimeoutMs === null
      ? {}
      : { statement_timeout: statementTimeoutMs, query_timeout: statementTimeoutMs + ANSWER_GRACE_MS }),
  };
}

function parseBigintArray(text: string): (bigint | null)[] {
  const inner = text.slice(1, -1);
  return inner === '' ? [] : inner.split(',').map((item) => (item === 'NULL' ? null : BigInt(item)));
}
