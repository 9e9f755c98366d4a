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
