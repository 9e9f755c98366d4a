-- Every operation on money: what it belongs to, its terms, and the state of payments that more than one operation made.

ALTER TABLE operations
  DROP CONSTRAINT operations_operation,
  ADD CONSTRAINT operations_operation CHECK (operation IN
    ('pay', 'authorize', 'capture', 'cancel', 'expire', 'refund', 'transfer', 'top_up', 'pay_out', 'limit', 'freeze',
     'unfreeze', 'close', 'correct')),
  ALTER COLUMN customer_id DROP NOT NULL,
  ALTER COLUMN amount_minor DROP NOT NULL,
  ALTER COLUMN currency DROP NOT NULL,
  -- The id of the payment it belongs to, as the topics have it; null: the operation's own.
  ADD COLUMN payment_id text,
  -- What payment.requested carries beside ids and amount, bigints as text; null: only what every such operation has.
  ADD COLUMN terms json,
  -- The body as it was sent, without description and metadata; null: amount, currency and customer are all of it.
  ADD COLUMN body json,
  -- Key of details_sealed where there is no customer to have one.
  ADD COLUMN details_key_sealed bytea;

DROP INDEX operations_payments_of_merchant;
CREATE INDEX operations_payments_of_merchant ON operations (merchant_id, environment, requested_at, id)
  WHERE operation IN ('pay', 'authorize');
CREATE INDEX operations_transfers_of_merchant ON operations (merchant_id, environment, requested_at, id)
  WHERE operation = 'transfer';
CREATE INDEX operations_pay_outs_of_merchant ON operations (merchant_id, environment, requested_at, id)
  WHERE operation = 'pay_out';
CREATE INDEX operations_of_payment ON operations (payment_id, requested_at, id) WHERE payment_id IS NOT NULL;

-- ISO 3166-1 alpha-2, in clear: rules judge by it, and it is on the event.
ALTER TABLE customers ADD COLUMN country text;

-- A payment as its follow-ups and disputes have left it, or a pay-out, from payment.settled and payment.progressed. A
-- payment that only one operation made has no row: its outcome says all.
CREATE TABLE payment_states (
  payment_id uuid PRIMARY KEY,
  status text NOT NULL,
  authorized_minor bigint NOT NULL,
  captured_minor bigint NOT NULL,
  refunded_minor bigint NOT NULL,
  disputed_minor bigint NOT NULL,
  -- As HTTP shows them, of all operations together.
  fees json NOT NULL,
  fx json,
  -- When the hold ends; null when there never was one.
  hold_ends_at timestamptz,
  -- Place in the books of the last operation it knows; what is older changes nothing.
  ledger_number bigint NOT NULL,
  ledger_index integer NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX payment_states_holds ON payment_states (hold_ends_at) WHERE status IN ('authorized', 'partially_captured');

-- The merchant's own ids of refunds: one refund each, until it fails.
CREATE TABLE merchant_refund_ids (
  payment_id text NOT NULL,
  merchant_refund_id text NOT NULL,
  operation_id uuid NOT NULL CONSTRAINT merchant_refund_ids_operation UNIQUE,
  PRIMARY KEY (payment_id, merchant_refund_id)
);

-- What a hold or its end changed, beside what was posted.
ALTER TABLE transactions ADD COLUMN held_change_minor bigint NOT NULL DEFAULT 0;

-- Newest known balance of what each merchant is owed (payable) and owes (receivable); the highest version wins.
CREATE TABLE merchant_balances (
  merchant_id uuid NOT NULL,
  environment text NOT NULL,
  kind text NOT NULL,
  currency text NOT NULL,
  posted_minor bigint NOT NULL,
  held_minor bigint NOT NULL,
  version bigint NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (merchant_id, environment, kind, currency)
) WITH (fillfactor = 70);

-- What happened to a merchant's balances, at its place in the books.
CREATE TABLE merchant_transactions (
  merchant_id uuid NOT NULL,
  environment text NOT NULL,
  ledger_number bigint NOT NULL,
  ledger_index integer NOT NULL,
  account_kind text NOT NULL,
  currency text NOT NULL,
  operation_id text NOT NULL,
  payment_id text NOT NULL,
  kind text NOT NULL,
  gross_minor bigint NOT NULL,
  fee_minor bigint NOT NULL,
  net_minor bigint NOT NULL,
  balance_after_minor bigint NOT NULL,
  settled_at timestamptz NOT NULL,
  PRIMARY KEY (merchant_id, environment, ledger_number, ledger_index, account_kind, currency)
);
