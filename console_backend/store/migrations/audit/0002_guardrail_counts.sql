-- What guardrails did, counted over five minutes as completions come in: an overview of a year does not read a year of
-- requests. `bucket` is the beginning of the five minutes.
CREATE TABLE guardrail_counts (
  bucket BIGINT NOT NULL,
  rule TEXT NOT NULL,
  action TEXT NOT NULL,
  phase TEXT NOT NULL,
  requests BIGINT NOT NULL,
  findings BIGINT NOT NULL,
  PRIMARY KEY (bucket, rule, action, phase)
);
