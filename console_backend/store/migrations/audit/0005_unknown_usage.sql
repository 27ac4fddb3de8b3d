-- Zero is a number too: whether the tokens and the cost of a row are known. Until now nobody knew a price, and an answer whose
-- provider told nothing stands there with four zeroes.
ALTER TABLE requests ADD COLUMN tokens_known BIGINT NOT NULL DEFAULT 0;
ALTER TABLE requests ADD COLUMN cost_known BIGINT NOT NULL DEFAULT 0;
UPDATE requests SET tokens_known = 1
WHERE input_tokens > 0 OR output_tokens > 0 OR cache_read_tokens > 0 OR cache_write_tokens > 0;
