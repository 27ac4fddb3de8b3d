-- The team of the request's virtual key when it was asked: a key may change teams later.
ALTER TABLE requests ADD COLUMN team TEXT NOT NULL DEFAULT '';
