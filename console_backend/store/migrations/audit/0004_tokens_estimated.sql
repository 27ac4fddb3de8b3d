-- Answers that a guardrail stopped before the provider said what it charges: some of the row's tokens are an estimate.
ALTER TABLE requests ADD COLUMN tokens_estimated BIGINT NOT NULL DEFAULT 0;
