-- The log is asked by virtual key and by team as it is by app and device.
CREATE INDEX requests_by_virtual_key ON requests (virtual_key, time);
CREATE INDEX requests_by_team ON requests (team, time);
