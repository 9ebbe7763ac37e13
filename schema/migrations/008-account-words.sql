-- What is kept of the dictionaries in memory knows by a token whether it still
-- holds.
CREATE TABLE word_tokens (
  kind  INTEGER PRIMARY KEY,
  token INTEGER NOT NULL
);
INSERT INTO word_tokens (kind, token)
  VALUES (1, random()), (2, random()), (3, random()), (4, random()),
         (5, random()), (6, random()), (7, random()), (8, random()),
         (9, random()), (10, random()), (11, random());

PRAGMA user_version = 8;
