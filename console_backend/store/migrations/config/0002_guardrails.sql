-- Guardrails. `definition` is the object of the policy document (policy/guardrails.h) as the console prints it, its id
-- included; so a field that the document gains needs no column.
CREATE TABLE guardrail_rules (
  id TEXT NOT NULL PRIMARY KEY,
  position BIGINT NOT NULL,
  definition TEXT NOT NULL,
  updated_at BIGINT NOT NULL
);
-- What rules name or are added to: pattern, word_list, topic, allow_list, gitleaks.
CREATE TABLE guardrail_parts (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  definition TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (kind, id)
);
-- External checks. `options` is a JSON object of texts; the credential is sealed under the master key, '' for none.
CREATE TABLE guardrail_providers (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  url TEXT NOT NULL,
  credential_sealed TEXT NOT NULL DEFAULT '',
  options TEXT NOT NULL DEFAULT '{}',
  timeout_ms BIGINT NOT NULL,
  calls_per_minute BIGINT NOT NULL,
  breaker_failures BIGINT NOT NULL,
  breaker_open_seconds BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
-- Secrets of the deployment that the console made itself, sealed under the master key: guard_hash_key.
CREATE TABLE sealed_values (
  name TEXT NOT NULL PRIMARY KEY,
  sealed TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
-- Free text until teams are objects of their own.
ALTER TABLE virtual_keys ADD COLUMN team_id TEXT NOT NULL DEFAULT '';
