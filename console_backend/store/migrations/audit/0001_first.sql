-- What happened: audit records of gateways and devices, leaf signings, what administrators did.

-- How far the chain of each origin has come.
CREATE TABLE origins (
  origin TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  last_sequence BIGINT NOT NULL,
  last_hash TEXT NOT NULL,
  last_received_at BIGINT NOT NULL
);
-- The chained lines as they came.
CREATE TABLE events (
  origin TEXT NOT NULL,
  sequence BIGINT NOT NULL,
  line TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  PRIMARY KEY (origin, sequence)
);
CREATE INDEX events_by_receipt ON events (received_at);
-- Intent and completion (or the one refusal) of a request, joined.
CREATE TABLE requests (
  request_id TEXT NOT NULL PRIMARY KEY,
  time BIGINT NOT NULL,
  origin TEXT NOT NULL,
  client_request_id TEXT NOT NULL DEFAULT '',
  upstream_request_id TEXT NOT NULL DEFAULT '',
  user_name TEXT NOT NULL DEFAULT '',
  device TEXT NOT NULL DEFAULT '',
  app TEXT NOT NULL DEFAULT '',
  app_version TEXT NOT NULL DEFAULT '',
  virtual_key TEXT NOT NULL DEFAULT '',
  provider TEXT NOT NULL DEFAULT '',
  model TEXT NOT NULL DEFAULT '',
  dialect TEXT NOT NULL DEFAULT '',
  operation TEXT NOT NULL DEFAULT '',
  streamed BIGINT NOT NULL DEFAULT 0,
  host TEXT NOT NULL DEFAULT '',
  path TEXT NOT NULL DEFAULT '',
  decision TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  status BIGINT NOT NULL DEFAULT 0,
  input_tokens BIGINT NOT NULL DEFAULT 0,
  output_tokens BIGINT NOT NULL DEFAULT 0,
  cache_read_tokens BIGINT NOT NULL DEFAULT 0,
  cache_write_tokens BIGINT NOT NULL DEFAULT 0,
  cost_nanodollars BIGINT NOT NULL DEFAULT 0,
  latency_us BIGINT NOT NULL DEFAULT 0,
  overhead_us BIGINT NOT NULL DEFAULT 0,
  attempts BIGINT NOT NULL DEFAULT 0,
  guardrails TEXT NOT NULL DEFAULT '[]',
  completed_at BIGINT
);
CREATE INDEX requests_by_time ON requests (time, request_id);
CREATE INDEX requests_by_app ON requests (app, time);
CREATE INDEX requests_by_device ON requests (device, time);
-- What does not fit: broken chains, gaps, records that cannot be read.
CREATE TABLE findings (
  id TEXT NOT NULL PRIMARY KEY,
  time BIGINT NOT NULL,
  kind TEXT NOT NULL,
  origin TEXT NOT NULL,
  sequence BIGINT NOT NULL,
  detail TEXT NOT NULL
);
CREATE TABLE leaf_signings (
  serial TEXT NOT NULL PRIMARY KEY,
  time BIGINT NOT NULL,
  device_id TEXT NOT NULL,
  host TEXT NOT NULL,
  not_after BIGINT NOT NULL
);
CREATE INDEX leaf_signings_by_time ON leaf_signings (time);
CREATE TABLE admin_actions (
  id TEXT NOT NULL PRIMARY KEY,
  time BIGINT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  note TEXT NOT NULL
);
CREATE INDEX admin_actions_by_time ON admin_actions (time, id);
