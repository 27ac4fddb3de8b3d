-- The order in which a key lists its providers: the first that serves a model is asked. Keys that were there keep the order
-- that was in force, by name.
ALTER TABLE virtual_key_models ADD COLUMN provider_position BIGINT NOT NULL DEFAULT 0;
