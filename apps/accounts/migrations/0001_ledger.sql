-- The ledger of the accounts app: what was decided, what was posted, and where every account and payment stands.
-- Amounts are minor units. Ids are compared byte by byte (COLLATE "C"), as every process that sorts and locks them does.

-- Order of the books is (ledger_number, index). A number is drawn while the batch's accounts are locked, so two batches
-- that share one cannot draw in another order than they post. CACHE 1: numbers kept by a session would break that.
CREATE SEQUENCE ledger_numbers CACHE 1;

CREATE TABLE accounts (
  id text COLLATE "C" PRIMARY KEY,
  currency text NOT NULL,
  -- Whether the funds are checked: customers' wallets and merchants' payables.
  checked boolean NOT NULL,
  status text NOT NULL DEFAULT 'open',
  -- Credits minus debits.
  posted bigint NOT NULL DEFAULT 0,
  held bigint NOT NULL DEFAULT 0,
  -- How far below zero it may go.
  overdraft bigint NOT NULL DEFAULT 0,
  -- +1 per operation that changes the row.
  version bigint NOT NULL DEFAULT 0,
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT accounts_status CHECK (status IN ('open', 'frozen', 'closed')),
  CONSTRAINT accounts_held CHECK (held >= 0),
  CONSTRAINT accounts_overdraft CHECK (overdraft >= 0),
  CONSTRAINT accounts_version CHECK (version >= 0),
  CONSTRAINT accounts_bounds CHECK (posted BETWEEN -4611686018427387904 AND 4611686018427387904),
  -- The fold decides; this stands behind it.
  CONSTRAINT accounts_funds CHECK (NOT checked OR posted - held + overdraft >= 0)
-- Room on each page for new versions of its rows: no index changes then, and nothing has to be vacuumed to be reused.
) WITH (fillfactor = 50);

-- One row per decision on a record of payment.processed; a repeated record finds its (operation_id, pass) here.
CREATE TABLE operations (
  operation_id text COLLATE "C" NOT NULL,
  pass smallint NOT NULL,
  index integer NOT NULL,
  ledger_number bigint NOT NULL,
  source_offset bigint NOT NULL,
  source_partition integer NOT NULL,
  operation text NOT NULL,
  payment_id text COLLATE "C" NOT NULL,
  outcome text NOT NULL,
  failure_code text,
  settled_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT operations_once PRIMARY KEY (operation_id, pass),
  CONSTRAINT operations_place UNIQUE (ledger_number, index),
  CONSTRAINT operations_outcome CHECK (outcome IN ('succeeded', 'failed', 'manual_review')),
  CONSTRAINT operations_failure CHECK ((outcome = 'failed') = (failure_code IS NOT NULL))
);

-- One row moves an amount from the debited to the credited account: a posting cannot be out of balance.
-- The key leads with the ledger number, so that the index grows at its end (random keys break growth).
CREATE TABLE postings (
  ledger_number bigint NOT NULL,
  amount bigint NOT NULL,
  index integer NOT NULL,
  line smallint NOT NULL,
  debit_account text COLLATE "C" NOT NULL,
  credit_account text COLLATE "C" NOT NULL,
  currency text NOT NULL,
  PRIMARY KEY (ledger_number, index, line),
  CONSTRAINT postings_amount CHECK (amount > 0),
  CONSTRAINT postings_accounts CHECK (debit_account <> credit_account)
);

-- The same postings as signed lines, two for each: credits count up, debits down.
CREATE VIEW signed_lines AS
  SELECT ledger_number, index, line, debit_account AS account_id, currency, -amount AS amount FROM postings
  UNION ALL
  SELECT ledger_number, index, line, credit_account AS account_id, currency, amount FROM postings;

-- What of a payment's money is where. What never changes is what follow-ups are priced and routed by.
CREATE TABLE payments (
  payment_id text COLLATE "C" PRIMARY KEY,
  environment text NOT NULL,
  merchant_id text COLLATE "C" NOT NULL,
  customer_id text COLLATE "C",
  currency text NOT NULL,
  amount bigint NOT NULL,
  rules_version integer NOT NULL,
  -- Fee lines as the event carried them, from which fees are given back.
  fees json NOT NULL,
  status text NOT NULL,
  authorized bigint NOT NULL DEFAULT 0,
  captured bigint NOT NULL DEFAULT 0,
  capture_pending bigint NOT NULL DEFAULT 0,
  refunded bigint NOT NULL DEFAULT 0,
  refund_pending bigint NOT NULL DEFAULT 0,
  disputed bigint NOT NULL DEFAULT 0,
  CONSTRAINT payments_signs CHECK (
    amount > 0 AND authorized >= 0 AND captured >= 0 AND capture_pending >= 0
    AND refunded >= 0 AND refund_pending >= 0 AND disputed >= 0
  ),
  CONSTRAINT payments_captures CHECK (captured + capture_pending <= authorized),
  CONSTRAINT payments_refunds CHECK (refunded + refund_pending <= captured)
);

-- Accounts whose newest state is still to be published on account.updated.
CREATE TABLE account_marks (
  shard integer NOT NULL,
  account_id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (shard, account_id)
) WITH (fillfactor = 50);

-- Offsets and outgoing events, as libs/database keeps them.
CREATE TABLE consumer_offsets (
  group_id text NOT NULL,
  topic text NOT NULL,
  partition integer NOT NULL,
  next_offset bigint NOT NULL CHECK (next_offset >= 0),
  PRIMARY KEY (group_id, topic, partition)
) WITH (fillfactor = 50);

CREATE TABLE outgoing_events (
  input_topic text NOT NULL,
  input_partition integer NOT NULL,
  source_offset bigint NOT NULL,
  index integer NOT NULL,
  topic text NOT NULL,
  key bytea,
  value bytea,
  headers json NOT NULL,
  PRIMARY KEY (input_topic, input_partition, source_offset, index)
);

-- Append-only: whoever runs the app may add to the books and read them. The trigger holds for owners and superusers too.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: a mistake is corrected by another posting, never by %', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER postings_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON postings
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER operations_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON operations
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

REVOKE UPDATE, DELETE, TRUNCATE ON postings, operations FROM CURRENT_USER;
