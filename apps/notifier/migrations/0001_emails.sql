-- The e-mails of the notifier: what is to be said to whom, as ids and amounts, and what became of it. No person is here.

CREATE TABLE consumer_offsets (
  group_id text NOT NULL,
  topic text NOT NULL,
  partition integer NOT NULL,
  next_offset bigint NOT NULL CHECK (next_offset >= 0),
  PRIMARY KEY (group_id, topic, partition)
);

CREATE TABLE emails (
  -- Also the e-mail's Message-ID. Whatever arrives again under it is known.
  notification_id text COLLATE "C" NOT NULL,
  customer_id text NOT NULL,
  environment text NOT NULL,
  merchant_id text NOT NULL,
  template text NOT NULL,
  payment_id text NOT NULL,
  amount_minor bigint,
  currency text,
  failure_code text,
  balance_minor bigint,
  occurred_at timestamptz NOT NULL,
  -- waiting until it is sent, skipped (the customer has no address) or failed (it never can be sent; see reason).
  status text NOT NULL DEFAULT 'waiting',
  -- A code, never what a mail server said: that may hold an address.
  reason text,
  queued_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  CONSTRAINT emails_pkey PRIMARY KEY (notification_id),
  CONSTRAINT emails_status CHECK (status IN ('waiting', 'sent', 'skipped', 'failed')),
  CONSTRAINT emails_finished CHECK ((status = 'waiting') = (finished_at IS NULL))
-- Every row is updated once; room on the page keeps that update out of the index.
) WITH (fillfactor = 70);

-- Which worker pools are alive: the jobs of one that is not are given to others.
CREATE TABLE worker_pools (
  pool_id text PRIMARY KEY,
  seen_at timestamptz NOT NULL
);
