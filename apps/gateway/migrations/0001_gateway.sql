-- What the gateway owns: merchants and their keys, customers, accepted operations and their final answers, and the
-- views of balances and transactions it shows.

CREATE TABLE merchants (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- A merchant's settings as they are from updated_at on; also the outbox of merchant.updated.
CREATE TABLE merchant_versions (
  merchant_id uuid NOT NULL REFERENCES merchants,
  environment text NOT NULL CONSTRAINT merchant_versions_environment CHECK (environment IN ('test', 'live')),
  version bigint NOT NULL,
  status text NOT NULL CONSTRAINT merchant_versions_status CHECK (status IN ('active', 'inactive')),
  fee_plan json NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  published_at timestamptz,
  PRIMARY KEY (merchant_id, environment, version)
);
CREATE INDEX merchant_versions_unpublished ON merchant_versions (updated_at) WHERE published_at IS NULL;

-- A key is kept as a keyed hash; its visible part finds the row.
CREATE TABLE api_keys (
  id uuid PRIMARY KEY,
  visible_part text NOT NULL CONSTRAINT api_keys_visible_part UNIQUE,
  digest bytea NOT NULL,
  merchant_id uuid NOT NULL REFERENCES merchants,
  environment text NOT NULL CONSTRAINT api_keys_environment CHECK (environment IN ('test', 'live')),
  scopes text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz
);

-- Personal fields are sealed under key_sealed; a person is erased by setting it to null.
CREATE TABLE customers (
  id uuid PRIMARY KEY,
  merchant_id uuid NOT NULL REFERENCES merchants,
  environment text NOT NULL CONSTRAINT customers_environment CHECK (environment IN ('test', 'live')),
  fingerprint bytea NOT NULL,
  key_sealed bytea,
  email_sealed bytea,
  name_sealed bytea,
  metadata_sealed bytea,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX customers_contact ON customers (('cus_' || replace(id::text, '-', '')));

-- What was accepted; never changed. The id follows from the idempotency key, so the primary key is the claim.
-- No foreign key to customers: the group insert has read the owner from the owning table, and a row lock per payment
-- on one customer's row would make a busy customer's payments wait for each other.
CREATE TABLE operations (
  id uuid PRIMARY KEY,
  operation text NOT NULL CONSTRAINT operations_operation CHECK (operation IN ('pay', 'top_up')),
  merchant_id uuid NOT NULL,
  environment text NOT NULL CONSTRAINT operations_environment CHECK (environment IN ('test', 'live')),
  customer_id uuid NOT NULL,
  amount_minor bigint NOT NULL CONSTRAINT operations_amount CHECK (amount_minor > 0),
  currency text NOT NULL,
  merchant_version bigint NOT NULL,
  -- SHA-256 of method, path and canonical body.
  fingerprint bytea NOT NULL,
  -- Canonical JSON of description and metadata as they were sent, under the customer's key.
  details_sealed bytea,
  requested_at timestamptz NOT NULL
);
CREATE INDEX operations_payments_of_merchant ON operations (merchant_id, environment, requested_at, id)
  WHERE operation = 'pay';

-- The outbox: operations not known to be on payment.requested. Small and often emptied, so apart from operations.
CREATE TABLE unpublished_operations (
  id uuid PRIMARY KEY,
  requested_at timestamptz NOT NULL,
  traceparent text
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- The final state of an operation, from payment.settled; never changed. answer is the merchant's answer, frozen, but
-- for description and metadata, which stay sealed with the operation and are put in when it is read.
CREATE TABLE outcomes (
  operation_id uuid PRIMARY KEY,
  status text NOT NULL,
  failure_code text,
  settled_at timestamptz NOT NULL,
  answer text NOT NULL
);

-- Newest known balance of each customer's wallet; the highest version wins.
CREATE TABLE customer_balances (
  customer_id uuid NOT NULL,
  currency text NOT NULL,
  posted_minor bigint NOT NULL,
  held_minor bigint NOT NULL,
  version bigint NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (customer_id, currency)
) WITH (fillfactor = 70);

-- What happened to a customer's wallets, at its place in the books.
CREATE TABLE transactions (
  customer_id uuid NOT NULL,
  ledger_number bigint NOT NULL,
  ledger_index integer NOT NULL,
  currency text NOT NULL,
  operation_id text NOT NULL,
  payment_id text NOT NULL,
  kind text NOT NULL,
  status text NOT NULL,
  amount_minor bigint NOT NULL,
  method_type text,
  counterparty_id text,
  balance_after_minor bigint NOT NULL,
  settled_at timestamptz NOT NULL,
  PRIMARY KEY (customer_id, ledger_number, ledger_index, currency)
);

CREATE TABLE consumer_offsets (
  group_id text NOT NULL,
  topic text NOT NULL,
  partition integer NOT NULL,
  next_offset bigint NOT NULL CHECK (next_offset >= 0),
  PRIMARY KEY (group_id, topic, partition)
);

-- All the notifier may see: where to write to, sealed. It looks up by customer_uuid, which the table's key serves.
CREATE VIEW contacts AS
  SELECT id AS customer_uuid, 'cus_' || replace(id::text, '-', '') AS customer_id, environment, email_sealed, name_sealed, key_sealed
    FROM customers;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'paystream_contacts') THEN
    GRANT SELECT ON contacts TO paystream_contacts;
  END IF;
END
$$;
