-- Operators and what they ordered, corrections, risk plans, rate quotes, what the sandbox's provider told us, and disputes.

ALTER TABLE merchant_versions
  ADD COLUMN risk_plan json,
  ADD COLUMN country text CONSTRAINT merchant_versions_country CHECK (country ~ '^[A-Z]{2}$');

-- Persons who may order what merchants may not. A key is kept as a keyed hash; its visible part finds the row.
CREATE TABLE operators (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  visible_part text NOT NULL CONSTRAINT operators_visible_part UNIQUE,
  digest bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz
);

-- What operators ordered and why, in their own words, which are on no topic. Written with the order itself, never changed.
CREATE TABLE operator_actions (
  id uuid PRIMARY KEY,
  operator_id uuid NOT NULL REFERENCES operators,
  action text NOT NULL,
  object_id text NOT NULL,
  reason_code text NOT NULL,
  reason text NOT NULL,
  result text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX operator_actions_of_object ON operator_actions (object_id, created_at);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME;
END
$$;
CREATE TRIGGER operator_actions_append_only BEFORE UPDATE OR DELETE ON operator_actions
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Corrections that were asked for; the id is also the operation's, once a second person, where needed, has agreed.
CREATE TABLE corrections (
  id uuid PRIMARY KEY,
  of_operation text NOT NULL,
  merchant_id uuid NOT NULL,
  environment text NOT NULL CONSTRAINT corrections_environment CHECK (environment IN ('test', 'live')),
  customer_id uuid,
  fingerprint bytea NOT NULL,
  -- As of payment.requested, amounts as text.
  lines json NOT NULL,
  status text NOT NULL CONSTRAINT corrections_status CHECK (status IN ('awaiting_approval', 'ordered')),
  operator_id uuid NOT NULL REFERENCES operators,
  approver_id uuid REFERENCES operators CONSTRAINT corrections_second_person CHECK (approver_id <> operator_id),
  reason_code text NOT NULL,
  reason_id uuid NOT NULL REFERENCES operator_actions DEFERRABLE INITIALLY DEFERRED,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Rates as they were promised; never changed.
CREATE TABLE fx_quotes (
  id uuid PRIMARY KEY,
  merchant_id uuid NOT NULL REFERENCES merchants,
  environment text NOT NULL CONSTRAINT fx_quotes_environment CHECK (environment IN ('test', 'live')),
  from_currency text NOT NULL,
  to_currency text NOT NULL,
  rate text NOT NULL,
  base_rate text NOT NULL,
  markup_bps integer NOT NULL CONSTRAINT fx_quotes_markup CHECK (markup_bps BETWEEN 0 AND 10000),
  rate_source text NOT NULL,
  rate_published_at timestamptz NOT NULL,
  lock_name text NOT NULL,
  quoted_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);

-- What a provider told us, once per event of theirs; also the outbox of provider.event.
CREATE TABLE provider_events (
  provider text NOT NULL,
  event_id text NOT NULL,
  -- Operation that it becomes on the log, when it is a fact.
  operation_id uuid NOT NULL CONSTRAINT provider_events_operation UNIQUE,
  merchant_id uuid NOT NULL,
  fingerprint bytea NOT NULL,
  -- The value of its record, bigints as text.
  event json NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  published_at timestamptz,
  PRIMARY KEY (provider, event_id)
);
CREATE INDEX provider_events_unpublished ON provider_events (received_at) WHERE published_at IS NULL;

-- Disputes as the ledger settled them: what is at an earlier place in the books changes nothing. Only evidence is ours.
CREATE TABLE disputes (
  id uuid PRIMARY KEY,
  payment_id text NOT NULL,
  merchant_id uuid NOT NULL,
  environment text NOT NULL CONSTRAINT disputes_environment CHECK (environment IN ('test', 'live')),
  customer_id uuid,
  status text NOT NULL
    CONSTRAINT disputes_status CHECK (status IN ('needs_response', 'under_review', 'won', 'lost', 'manual_review')),
  amount_minor bigint,
  fee_minor bigint,
  currency text,
  network_reason_code text,
  due_by timestamptz,
  opened_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  ledger_number bigint NOT NULL,
  ledger_index integer NOT NULL
);
CREATE INDEX disputes_of_merchant ON disputes (merchant_id, environment, opened_at, id);

-- What merchants say against a dispute, under the customer's key.
CREATE TABLE dispute_evidence (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  dispute_id uuid NOT NULL REFERENCES disputes,
  text_sealed bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX dispute_evidence_of_dispute ON dispute_evidence (dispute_id, created_at, id);
