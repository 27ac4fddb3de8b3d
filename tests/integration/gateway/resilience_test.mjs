// What survives: the process being killed, the console being away, a bad snapshot, a full spool.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { afterEach, test } from 'node:test';

import { Fixture, KEY, until } from './gateway_fixture.mjs';

let gateway;
afterEach(async () => { await gateway?.close(); gateway = undefined; });

const records = () => gateway.console.records.map((line) => line.record);

test('kill -9 leaves intents that the next start closes as interrupted, before it serves', async () => {
  gateway = await Fixture.make();
  gateway.control({ hang: true });
  for (let i = 0; i < 3; ++i) {
    const request = http.request({ host: '127.0.0.1', port: 18080, method: 'POST', path: '/v1/chat/completions', agent: false,
      headers: { authorization: `Bearer ${KEY}` } });
    request.on('error', () => {});
    request.end(JSON.stringify({ model: 'gpt-5', messages: [] }));
  }
  await until('three requests at the provider', () => gateway.received().length === 3);
  await gateway.kill();
  gateway.control({});
  await gateway.startGateway();
  await until('the completions', () => records().filter((record) => record.type === 'completion').length === 3);
  const intents = records().filter((record) => record.type === 'intent').map((record) => record.request_id).sort();
  const closed = records().filter((record) => record.type === 'completion');
  assert.deepEqual(closed.map((record) => record.request_id).sort(), intents);
  assert.ok(closed.every((record) => record.decision === 'interrupted'));
  assert.deepEqual(records().map((record) => record.sequence), [1, 2, 3, 4, 5, 6]);
  assert.equal((await gateway.chat()).status, 200);
});

test('the gateway starts and decides from its last good snapshot while the console is away, and ships afterwards', async () => {
  gateway = await Fixture.make();
  const { port } = gateway.console;
  await gateway.console.stop();
  await gateway.kill();
  await gateway.startGateway();
  const answer = await gateway.chat();
  assert.equal(answer.status, 200);
  await gateway.console.start(port);
  await gateway.audit(answer.headers['x-request-id']);
  const sealed = fs.readFileSync(path.join(gateway.settings.state_dir, 'snapshot.sealed'));
  assert.ok(!sealed.includes('sk-provider-secret') && !sealed.includes('openai'));
});

test('a snapshot that is tampered with, older, expired or of another key is refused and the last good one stays', async () => {
  gateway = await Fixture.make();
  await gateway.publish({ version: 5 });
  const denied = { virtual_keys: [] };
  const refusals = async () => Number(/sluice_snapshots_refused_total (\d+)/.exec(await gateway.metrics())[1]);
  const offers = [
    [{ ...gateway.payload, ...denied, version: 6 }, { tamper: true }],
    [{ ...gateway.payload, ...denied, version: 4 }],
    [{ ...gateway.payload, ...denied, version: 7, not_after: new Date(Date.now() - 1000).toISOString() }],
    [{ ...gateway.payload, ...denied, version: 8 }, { key: crypto.generateKeyPairSync('ed25519').privateKey }],
    [{ ...gateway.payload, ...denied, version: 9, org: 'Other Org' }],
    [{ ...gateway.payload, ...denied, version: 10, unknown_field: 1 }],
  ];
  for (const [payload, options] of offers) {
    const before = await refusals();
    gateway.console.publish(payload, options);
    await until('the refusal', async () => (await refusals()) > before);
    assert.equal((await gateway.chat()).status, 200);
  }
  gateway.console.publish({ ...gateway.payload, ...denied, version: 11 });
  await until('the newest to be in force', async () => (await gateway.chat()).status === 401);
});

test('a changed snapshot on disk is not obeyed', async () => {
  gateway = await Fixture.make();
  await gateway.kill();
  await gateway.console.stop();
  const file = path.join(gateway.settings.state_dir, 'snapshot.sealed');
  const sealed = fs.readFileSync(file);
  sealed[sealed.length >> 1] ^= 1;
  fs.writeFileSync(file, sealed);
  await gateway.startGateway({ ready: false });
  await until('the gateway to serve', async () => (await gateway.chat().catch(() => null))?.status === 503);
  assert.equal(await gateway.isReady(), false);
  await gateway.console.start(gateway.console.port);
  await until('the policy to arrive', () => gateway.isReady());
});

test('a full spool refuses requests before the provider sees them, or passes and counts them, as configured', async () => {
  gateway = await Fixture.make({ settings: { audit: { spool_limit: '64KiB' } } });
  const { port } = gateway.console;
  await gateway.console.stop();
  let answer;
  for (let i = 0; i < 200; ++i) {
    answer = await gateway.chat();
    if (answer.status !== 200) break;
  }
  assert.equal(answer.status, 503);
  assert.equal(typeof answer.json.error.message, 'string');
  const before = gateway.received().length;
  assert.equal((await gateway.chat()).status, 503);
  assert.equal(gateway.received().length, before);

  gateway.settings.audit.on_full = 'pass_counted';
  fs.writeFileSync(path.join(gateway.folder, 'gateway.json'), JSON.stringify(gateway.settings));
  gateway.process.kill('SIGHUP');
  await until('the other mode', async () => (await gateway.chat()).status === 200);
  const lost = /sluice_audit_lost_total (\d+)/.exec(await gateway.metrics());
  assert.ok(Number(lost[1]) > 0);

  await gateway.console.start(port);
  gateway.settings.audit.on_full = 'refuse';
  fs.writeFileSync(path.join(gateway.folder, 'gateway.json'), JSON.stringify(gateway.settings));
  gateway.process.kill('SIGHUP');
  await until('room in the spool', async () => (await gateway.metrics()).includes('sluice_audit_unshipped_records 0\n'));
  const later = await gateway.chat();
  assert.equal(later.status, 200);
  await gateway.audit(later.headers['x-request-id']);
});

test('SIGTERM lets requests in progress end, and records them', async () => {
  gateway = await Fixture.make();
  gateway.control({ delay_ms: 700 });
  const pending = gateway.chat();
  await until('the request at the provider', () => gateway.received().length === 1);
  const ended = gateway.terminate();
  const answer = await pending;
  assert.equal(answer.status, 200);
  assert.equal(await ended, 0);
  assert.equal(records().filter((record) => record.type === 'completion').length, 1);
});

test('a wrong setting ends the program with status 2 and the path of the field', async () => {
  gateway = await Fixture.make();
  await gateway.terminate();
  gateway.settings.upstream.unknown = 1;
  await gateway.startGateway({ ready: false });
  assert.equal(await gateway.exited, 2);
  assert.match(gateway.log.join(''), /upstream\.unknown/);
});
