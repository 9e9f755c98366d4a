-- Counts the changes of what gateways keep in memory, keys, settings of merchants and whose customers are, and tells each.

-- One row. Whoever changes something holds it until the commit, so that a version is seen with its change and not before.
CREATE TABLE remembered_changes (
  only_row boolean PRIMARY KEY DEFAULT true CONSTRAINT remembered_changes_only_row CHECK (only_row),
  version bigint NOT NULL
);
INSERT INTO remembered_changes (version) VALUES (0);

-- The payload is the version and whose facts have changed: the merchant, operator or customer in the column that is named.
CREATE FUNCTION tell_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  counted bigint;
BEGIN
  UPDATE remembered_changes SET version = version + 1 RETURNING version INTO counted;
  PERFORM pg_notify('gateway_changes', counted || ' ' || (coalesce(to_jsonb(OLD), to_jsonb(NEW)) ->> TG_ARGV[0]));
  RETURN NULL;
END
$$;

CREATE TRIGGER api_keys_change AFTER UPDATE OR DELETE ON api_keys
  FOR EACH ROW EXECUTE FUNCTION tell_change('merchant_id');
CREATE TRIGGER operators_change AFTER UPDATE OR DELETE ON operators
  FOR EACH ROW EXECUTE FUNCTION tell_change('id');
CREATE TRIGGER customers_change AFTER UPDATE OR DELETE ON customers
  FOR EACH ROW EXECUTE FUNCTION tell_change('id');
-- That a version is published changes nothing, and a merchant's first one nobody has in memory.
CREATE TRIGGER merchant_versions_change AFTER UPDATE OF status, version OR DELETE ON merchant_versions
  FOR EACH ROW EXECUTE FUNCTION tell_change('merchant_id');
CREATE TRIGGER merchant_versions_next AFTER INSERT ON merchant_versions
  FOR EACH ROW WHEN (NEW.version > 1) EXECUTE FUNCTION tell_change('merchant_id');
