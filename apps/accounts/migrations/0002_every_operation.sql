-- What every operation beside a payment in full needs: limits and what was spent, pay-outs, conversions, disputes,
-- corrections, and what velocity rules count.

ALTER TABLE accounts
  -- What may leave in a UTC day, and how often; null: no limit.
  ADD COLUMN daily_amount bigint,
  ADD COLUMN daily_count bigint,
  -- What left on the day `spent_day` (days since the epoch), and how often; kept whether or not there is a limit.
  ADD COLUMN spent_day bigint NOT NULL DEFAULT 0,
  ADD COLUMN spent_amount bigint NOT NULL DEFAULT 0,
  ADD COLUMN spent_count bigint NOT NULL DEFAULT 0,
  ADD CONSTRAINT accounts_daily CHECK (daily_amount >= 0 AND daily_count >= 0),
  ADD CONSTRAINT accounts_spent CHECK (spent_day >= 0 AND spent_amount >= 0 AND spent_count >= 0);

-- Admitted: decided here and on its way outside. How it ends is a decision of its own, pass 2.
ALTER TABLE operations
  DROP CONSTRAINT operations_outcome,
  ADD CONSTRAINT operations_outcome CHECK (outcome IN ('succeeded', 'failed', 'manual_review', 'admitted'));

ALTER TABLE payments
  ADD COLUMN kind text NOT NULL DEFAULT 'payment',
  -- Conversion as priced for the whole amount; null where the wallet is in the payment's currency.
  ADD COLUMN fx json,
  -- Microseconds since the epoch, as events have it: it is compared with theirs and never rounded on the way.
  ADD COLUMN expires_at bigint,
  -- Of `disputed` what is lost for good.
  ADD COLUMN lost bigint NOT NULL DEFAULT 0,
  ADD CONSTRAINT payments_kind CHECK (kind IN ('payment', 'pay_out')),
  -- What has gone back, is going back or may have to: never more than came.
  DROP CONSTRAINT payments_refunds,
  ADD CONSTRAINT payments_refunds CHECK (refunded + refund_pending + disputed <= captured),
  ADD CONSTRAINT payments_lost CHECK (lost BETWEEN 0 AND disputed);

-- What is set aside for each dispute until it is decided.
CREATE TABLE disputes (
  dispute_id text COLLATE "C" PRIMARY KEY,
  -- As the provider named it: there may be no such payment here.
  payment_id text COLLATE "C" NOT NULL,
  environment text NOT NULL,
  merchant_id text COLLATE "C" NOT NULL,
  customer_id text COLLATE "C" NOT NULL,
  currency text NOT NULL,
  amount bigint NOT NULL,
  fee bigint NOT NULL,
  -- Of amount and fee what the merchant's payable lacked, and the merchant owes since.
  from_receivable bigint NOT NULL,
  -- Whether the merchant gave the money, or nobody could be asked and suspense did.
  source text NOT NULL,
  status text NOT NULL,
  CONSTRAINT disputes_amounts CHECK (amount >= 0 AND fee >= 0 AND from_receivable BETWEEN 0 AND amount + fee),
  CONSTRAINT disputes_source CHECK (source IN ('merchant', 'suspense')),
  -- review: closed, and left to an operator.
  CONSTRAINT disputes_status CHECK (status IN ('open', 'won', 'lost', 'review'))
);

-- Which operation was corrected by which. The key is what makes a second correction of the same one impossible.
CREATE TABLE corrections (
  of_operation_id text COLLATE "C" NOT NULL,
  operation_id text COLLATE "C" NOT NULL,
  CONSTRAINT corrections_once PRIMARY KEY (of_operation_id)
);

CREATE TRIGGER corrections_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON corrections
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What customers spent lately at merchants whose rules count it. Older rows than any window reaches are deleted: these are
-- counters and no part of the books.
CREATE TABLE spends (
  subject text COLLATE "C" NOT NULL,
  -- Microseconds since the epoch: the event's own time, by which the rules judge.
  requested_at bigint NOT NULL,
  ledger_number bigint NOT NULL,
  index integer NOT NULL,
  currency text NOT NULL,
  amount bigint NOT NULL,
  PRIMARY KEY (subject, requested_at, ledger_number, index),
  CONSTRAINT spends_amount CHECK (amount > 0)
);

REVOKE UPDATE, DELETE, TRUNCATE ON corrections FROM CURRENT_USER;
REVOKE UPDATE, TRUNCATE ON spends FROM CURRENT_USER;
