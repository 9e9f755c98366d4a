-- Accepted operations of which a record lies in the dead letters: they wait for an operator. One that is settled after all
-- keeps its row; its outcome goes before it.
CREATE TABLE parked_operations (
  operation_id uuid PRIMARY KEY,
  -- Where it lies and why, as the dead letter's headers have it.
  dead_letter_topic text NOT NULL,
  reason text NOT NULL,
  parked_at timestamptz NOT NULL DEFAULT now()
);
