-- How a batch's rows travel: an array of one of these types for each table, instead of an array for each column, which
-- cost the server most of what a lone payment took. No table has a column of these types.

CREATE TYPE posting_row AS (
  index integer,
  line smallint,
  debit_account text,
  credit_account text,
  currency text,
  amount bigint
);

CREATE TYPE operation_row AS (
  operation_id text,
  pass smallint,
  index integer,
  source_offset bigint,
  operation text,
  payment_id text,
  outcome text,
  failure_code text
);

-- Without fees and fx, which are JSON and travel beside it.
CREATE TYPE payment_row AS (
  payment_id text,
  kind text,
  environment text,
  merchant_id text,
  customer_id text,
  currency text,
  amount bigint,
  rules_version integer,
  expires_at bigint,
  status text,
  authorized bigint,
  captured bigint,
  capture_pending bigint,
  refunded bigint,
  refund_pending bigint,
  disputed bigint,
  lost bigint
);

CREATE TYPE account_row AS (
  id text,
  status text,
  posted bigint,
  held bigint,
  overdraft bigint,
  daily_amount bigint,
  daily_count bigint,
  spent_day bigint,
  spent_amount bigint,
  spent_count bigint,
  version bigint,
  version_before bigint
);

CREATE TYPE mark_row AS (
  shard integer,
  account_id text,
  version bigint
);

-- As libs/database has it: where in a batch's bytes each event's parts are.
CREATE TYPE outgoing_row AS (
  source_offset bigint,
  index integer,
  topic text,
  key_at integer,
  key_bytes integer,
  value_at integer,
  value_bytes integer,
  headers_at integer,
  headers_bytes integer
);

-- Ends the statement that calls it, and with it the transaction: the commit that is sent along with a statement that
-- must not be committed does nothing then.
CREATE FUNCTION refuse(reason text, state text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING MESSAGE = reason, ERRCODE = state;
END
$$;
