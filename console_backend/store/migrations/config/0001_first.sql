-- What the console is told: keys, people, devices, decisions. Times are microseconds since 1970, yes/no is 0 or 1.

-- One row per fact of the deployment: org, epoch, version, created_at.
CREATE TABLE deployment (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);

-- Private keys. `sealed`: base64 of the key under the master key, or for the root a PEM under its passphrase.
CREATE TABLE private_keys (
  name TEXT NOT NULL PRIMARY KEY,
  sealed TEXT NOT NULL,
  public_key TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE TABLE certificates (
  name TEXT NOT NULL,
  serial TEXT NOT NULL,
  pem TEXT NOT NULL,
  not_after BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  current BIGINT NOT NULL,
  PRIMARY KEY (name, serial)
);

CREATE TABLE administrators (
  id TEXT NOT NULL PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE TABLE sessions (
  token_sha256 TEXT NOT NULL PRIMARY KEY,
  administrator_id TEXT NOT NULL REFERENCES administrators (id) ON DELETE CASCADE,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_end ON sessions (expires_at);
CREATE TABLE api_tokens (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  token_sha256 TEXT NOT NULL UNIQUE,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  last_used_at BIGINT
);

CREATE TABLE enrolment_tokens (
  id TEXT NOT NULL PRIMARY KEY,
  purpose TEXT NOT NULL,
  token_sha256 TEXT NOT NULL UNIQUE,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  uses BIGINT NOT NULL,
  uses_left BIGINT NOT NULL
);
CREATE TABLE devices (
  id TEXT NOT NULL PRIMARY KEY,
  hostname TEXT NOT NULL,
  platform TEXT NOT NULL,
  os_version TEXT NOT NULL,
  agent_version TEXT NOT NULL,
  user_name TEXT NOT NULL DEFAULT '',
  enrolled_at BIGINT NOT NULL,
  revoked_at BIGINT,
  revoked_note TEXT NOT NULL DEFAULT '',
  revoked_by TEXT NOT NULL DEFAULT '',
  last_check_in BIGINT,
  snapshot_version TEXT NOT NULL DEFAULT '',
  capture_state TEXT NOT NULL DEFAULT 'unknown',
  capture_detail TEXT NOT NULL DEFAULT '',
  intercepted BIGINT NOT NULL DEFAULT 0,
  spliced BIGINT NOT NULL DEFAULT 0,
  refused BIGINT NOT NULL DEFAULT 0,
  broken BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX devices_by_hostname ON devices (hostname);
CREATE TABLE gateways (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  enrolled_at BIGINT NOT NULL,
  revoked_at BIGINT,
  last_check_in BIGINT,
  snapshot_version TEXT NOT NULL DEFAULT ''
);
-- Every certificate that was issued to a device or a gateway; the revoked ones stand in the snapshot.
CREATE TABLE issued_certificates (
  serial TEXT NOT NULL PRIMARY KEY,
  subject_kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  public_key_sha256 TEXT NOT NULL,
  issued_at BIGINT NOT NULL,
  not_after BIGINT NOT NULL,
  revoked_at BIGINT
);
CREATE INDEX issued_certificates_by_subject ON issued_certificates (subject_id);

CREATE TABLE apps (
  app TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  vendor TEXT NOT NULL DEFAULT '',
  decision TEXT NOT NULL DEFAULT 'pending',
  note TEXT NOT NULL DEFAULT '',
  reference TEXT NOT NULL DEFAULT '',
  decided_by TEXT NOT NULL DEFAULT '',
  decided_at BIGINT,
  first_seen BIGINT NOT NULL,
  last_seen BIGINT NOT NULL
);
CREATE TABLE device_apps (
  device_id TEXT NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
  app TEXT NOT NULL REFERENCES apps (app),
  path TEXT NOT NULL,
  name TEXT NOT NULL,
  version TEXT NOT NULL,
  user_name TEXT NOT NULL,
  first_seen BIGINT NOT NULL,
  last_seen BIGINT NOT NULL,
  PRIMARY KEY (device_id, app, path)
);
CREATE INDEX device_apps_by_app ON device_apps (app);
CREATE TABLE device_decisions (
  device_id TEXT NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
  app TEXT NOT NULL REFERENCES apps (app),
  decision TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  reference TEXT NOT NULL DEFAULT '',
  decided_by TEXT NOT NULL,
  decided_at BIGINT NOT NULL,
  PRIMARY KEY (device_id, app)
);

CREATE TABLE virtual_keys (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  key_sha256 TEXT NOT NULL UNIQUE,
  key_hint TEXT NOT NULL,
  enabled BIGINT NOT NULL,
  fleet_default BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE TABLE virtual_key_models (
  virtual_key_id TEXT NOT NULL REFERENCES virtual_keys (id) ON DELETE CASCADE,
  provider TEXT NOT NULL,
  position BIGINT NOT NULL,
  pattern TEXT NOT NULL,
  PRIMARY KEY (virtual_key_id, provider, position)
);
CREATE TABLE providers (
  provider TEXT NOT NULL PRIMARY KEY,
  dialect TEXT NOT NULL,
  base_url TEXT NOT NULL,
  api_key_sealed TEXT NOT NULL DEFAULT '',
  updated_at BIGINT NOT NULL
);
CREATE TABLE policy_settings (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);
