-- Names and values of custom properties are words, and rows keep their codes.
CREATE TABLE prop_keys   (code INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE prop_values (code INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);

INSERT INTO prop_keys (text)
  SELECT DISTINCT p.key FROM events, json_each(events.props) AS p
  WHERE p.key <> '';
INSERT INTO prop_values (text)
  SELECT DISTINCT p.value FROM events, json_each(events.props) AS p
  WHERE p.value <> '';
UPDATE events SET props = (
  SELECT json_group_object(
    ifnull((SELECT code FROM prop_keys WHERE text = p.key), 0),
    ifnull((SELECT code FROM prop_values WHERE text = p.value), 0))
  FROM json_each(events.props) AS p) WHERE props IS NOT NULL;

CREATE VIEW event_props AS
  SELECT events.id, ifnull(k.text, '') AS key, ifnull(v.text, '') AS value
  FROM events, json_each(events.props) AS p
  LEFT JOIN prop_keys AS k ON k.code = CAST(p.key AS INTEGER)
  LEFT JOIN prop_values AS v ON v.code = p.value;

PRAGMA user_version = 3;
