-- How a batch's rows travel: an array of one of these types for each table, instead of an array for each column, which
-- cost the server most of what a lone payment took. No table has a column of these types. Times are microseconds since the
-- epoch, bytes are hexadecimal text.

-- Without terms and body, which are JSON and travel beside it.
CREATE TYPE new_operation_row AS (
  id uuid,
  operation text,
  payment_id text,
  merchant_id uuid,
  environment text,
  customer_id uuid,
  amount_minor bigint,
  currency text,
  merchant_version bigint,
  requested_at_micros bigint,
  fingerprint text,
  details_sealed text,
  details_key_sealed text,
  merchant_refund_id text
);

-- Without the answer, which is JSON and travels beside it.
CREATE TYPE outcome_row AS (
  operation_id uuid,
  status text,
  failure_code text,
  settled_at bigint
);

CREATE TYPE transaction_row AS (
  customer_id uuid,
  ledger_number bigint,
  ledger_index integer,
  currency text,
  operation_id text,
  payment_id text,
  kind text,
  status text,
  amount_minor bigint,
  held_change_minor bigint,
  method_type text,
  counterparty_id text,
  balance_after_minor bigint,
  settled_at bigint
);

CREATE TYPE merchant_transaction_row AS (
  merchant_id uuid,
  environment text,
  ledger_number bigint,
  ledger_index integer,
  account_kind text,
  currency text,
  operation_id text,
  payment_id text,
  kind text,
  gross_minor bigint,
  fee_minor bigint,
  net_minor bigint,
  balance_after_minor bigint,
  settled_at bigint
);

CREATE TYPE customer_balance_row AS (
  customer_id uuid,
  currency text,
  posted_minor bigint,
  held_minor bigint,
  version bigint,
  updated_at bigint
);

CREATE TYPE merchant_balance_row AS (
  merchant_id uuid,
  environment text,
  kind text,
  currency text,
  posted_minor bigint,
  held_minor bigint,
  version bigint,
  updated_at bigint
);
