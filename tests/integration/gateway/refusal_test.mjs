// What does not pass, and in which form the client hears of it (errors in the shape of the dialect).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Fixture, KEY, until } from './gateway_fixture.mjs';
import { virtualKey } from '../../support/console_double/console_double.mjs';

let gateway;
before(async () => {
  gateway = await Fixture.make({
    snapshot: {
      virtual_keys: [
        virtualKey('vk_test', KEY, { allowed_models: { openai: ['gpt-*'], anthropic: ['claude-haiku-4-5'] } }),
        virtualKey('vk_off', 'sk-slc-disabled', { enabled: false }),
        virtualKey('vk_fleet', null, { fleet_default: true, allowed_models: { openai: ['gpt-5'], anthropic: ['*'] } }),
      ],
      apps: [{ app: 'claude-code', name: 'Claude Code', decision: 'denied', note: 'Use the approved assistant.', reference: 'QX7-1234' }],
    },
  });
});
after(async () => { await gateway?.close(); });

const anthropic = (headers, body = { model: 'claude-haiku-4-5', max_tokens: 1, messages: [] }) => gateway.http({
  method: 'POST', path: '/v1/messages', headers, body: typeof body === 'string' ? body : JSON.stringify(body) });

test('no key, an unknown key and a disabled key are 401 in the shape of the dialect', async () => {
  const before = gateway.received().length;
  for (const headers of [{}, { authorization: 'Bearer sk-slc-unknown' }, { 'x-api-key': 'sk-slc-disabled' }]) {
    const openai = await gateway.chat(undefined, { authorization: 'none', ...headers });
    assert.equal(openai.status, 401);
    assert.equal(typeof openai.json.error.message, 'string');
    assert.ok('code' in openai.json.error && 'param' in openai.json.error);
    const messages = await anthropic(headers);
    assert.equal(messages.status, 401);
    assert.deepEqual([messages.json.type, messages.json.error.type], ['error', 'authentication_error']);
    assert.equal(messages.json.request_id, messages.headers['x-request-id']);
  }
  assert.equal(gateway.received().length, before);
});

test('the refusal of a disabled key says which key is still in use', async () => {
  const answer = await gateway.chat(undefined, { authorization: 'Bearer sk-slc-disabled' });
  assert.equal(answer.status, 401);
  const { refusal } = await gateway.audit(answer.headers['x-request-id']);
  assert.deepEqual([refusal.decision, refusal.virtual_key], ['refused', 'vk_off']);
});

test('a model that the key does not list is 403 and recorded as denied', async () => {
  const answer = await gateway.chat({ model: 'o3', messages: [] });
  assert.equal(answer.status, 403);
  const { refusal } = await gateway.audit(answer.headers['x-request-id']);
  assert.deepEqual([refusal.decision, refusal.model, refusal.virtual_key], ['denied', 'o3', 'vk_test']);
});

test('a denied app is refused with a 400 that its screen shows, with note and reference', async () => {
  const before = gateway.received().length;
  const answer = await gateway.asDevice({ host: 'api.anthropic.com', path: '/v1/messages?beta=true', app: 'claude-code',
    body: JSON.stringify({ model: 'claude-haiku-4-5', max_tokens: 1, messages: [] }) });
  assert.equal(answer.status, 400);
  assert.equal(answer.json.error.type, 'invalid_request_error');
  assert.match(answer.json.error.message, /Use the approved assistant.*QX7-1234/);
  assert.equal(gateway.received().length, before);
  const { refusal } = await gateway.audit(answer.headers['sluice-request-id']);
  assert.deepEqual([refusal.decision, refusal.app, refusal.device], ['denied', 'claude-code', 'dev_test']);
});

test('a model behind an unknown provider is 404 in the form of the client, and names the key’s providers', async () => {
  const before = gateway.received().length;
  const chat = await gateway.chat({ model: 'nope/gpt-5', messages: [] });
  assert.deepEqual([chat.status, chat.json.error.code], [404, 'model_not_found']);
  assert.match(chat.json.error.message, /no provider nope for the model gpt-5; this key's providers for this API are openai/);
  const messages = await anthropic({ 'x-api-key': KEY }, { model: 'nope/claude-haiku-4-5', max_tokens: 1, messages: [] });
  assert.deepEqual([messages.status, messages.json.error.type], [404, 'not_found_error']);
  assert.match(messages.json.error.message, /this key's providers for this API are anthropic/);
  assert.equal(gateway.received().length, before, 'nothing went to another provider');
});

test('the fleet’s default key bounds the models of intercepted apps', async () => {
  const answer = await gateway.asDevice({ body: '{"model":"gpt-5-pro","messages":[]}' });
  assert.equal(answer.status, 400);
  assert.equal((await gateway.asDevice({ body: '{"model":"gpt-5","messages":[]}' })).status, 200);
});

test('hosts and paths that are not governed are not reached through the device listener', async () => {
  const before = gateway.received().length;
  for (const asked of [{ host: 'example.org' }, { host: 'localhost' }, { path: '/v1/files' }, { host: '169.254.169.254', path: '/latest/meta-data' },
    { path: '/v1/messages' }]) {
    const answer = await gateway.asDevice({ ...asked, body: '{"model":"gpt-5","messages":[]}' });
    assert.equal(answer.status, 400, JSON.stringify(asked));
  }
  assert.equal(gateway.received().length, before);
});

test('sluice-* fields of an API client are not believed', async () => {
  const answer = await gateway.chat(undefined, { 'sluice-app': 'claude-code', 'sluice-user': 'root' });
  assert.equal(answer.status, 200);
  assert.ok(!gateway.received().at(-1).headers.some(([name]) => name.startsWith('sluice-')));
  const { intent } = await gateway.audit(answer.headers['x-request-id']);
  assert.deepEqual([intent.app, intent.user], ['', '']);
});

test('bad JSON is 400, a missing model is 400, a body over the limit is 413', async () => {
  assert.equal((await gateway.chat('{"model": "gpt-5", "messages": [')).status, 400);
  assert.equal((await gateway.chat('{"model":"gpt-5","model":"o3","messages":[]}')).status, 400);
  assert.equal((await gateway.chat('{"messages":[]}')).status, 400);
  const text = await gateway.raw(`POST /v1/messages HTTP/1.1\r\nhost: x\r\nx-api-key: ${KEY}\r\ncontent-length: 33554433\r\n\r\n`);
  assert.match(text, /^HTTP\/1\.1 413 /);
  assert.match(text, /request_too_large/);
});

test('both Content-Length and Transfer-Encoding are 400', async () => {
  const text = await gateway.raw(`POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${KEY}\r\n`
    + 'content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n');
  assert.match(text, /^HTTP\/1\.1 400 /);
});

test('a WebSocket upgrade is 426, an unknown expectation 417, an unknown path 404', async () => {
  const upgrade = await gateway.raw(`GET /v1/responses HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\n`
    + `sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\nauthorization: Bearer ${KEY}\r\n\r\n`.replace('\r\n\r\n', '\r\nconnection: close\r\n\r\n'));
  assert.match(upgrade, /^HTTP\/1\.1 426 /);
  const expectation = await gateway.raw('POST /v1/messages HTTP/1.1\r\nhost: x\r\nexpect: miracles\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
  assert.match(expectation, /^HTTP\/1\.1 417 /);
  const unknown = await gateway.http({ path: '/v1/unknown', headers: { authorization: `Bearer ${KEY}` } });
  assert.deepEqual([unknown.status, unknown.json.error.code], [404, 'unknown_path']);
  assert.equal((await gateway.http({ path: '/elsewhere' })).status, 404);
});

test('another method than the one that is served is 405 with Allow, and the Gemini API says where it is served', async () => {
  const headers = { authorization: `Bearer ${KEY}` };
  const chat = await gateway.http({ path: '/v1/chat/completions', headers });
  assert.deepEqual([chat.status, chat.headers.allow, chat.json.error.code], [405, 'POST', 'method_not_allowed']);
  const messages = await gateway.http({ path: '/v1/messages', headers });
  assert.deepEqual([messages.status, messages.headers.allow, messages.json.type], [405, 'POST', 'error']);
  const models = await gateway.http({ method: 'POST', path: '/v1/models', headers, body: '{}' });
  assert.deepEqual([models.status, models.headers.allow], [405, 'GET']);
  const before = gateway.received().length;
  const gemini = await gateway.http({ method: 'POST', path: '/v1beta/models/gemini-3:generateContent', headers, body: '{"contents":[]}' });
  assert.deepEqual([gemini.status, gemini.json.error.code, gemini.json.error.status], [404, 404, 'NOT_FOUND']);
  assert.match(gemini.json.error.message, /not served at \/v1beta\/models\/gemini-3:generateContent but below \/genai/);
  assert.equal(gateway.received().length, before);
  const { refusal } = await gateway.audit(gemini.headers['x-request-id']);
  assert.deepEqual([refusal.decision, refusal.status], ['refused', 404]);
});

test('a device without a certificate, of another authority, of another kind or revoked gets nowhere', async () => {
  const body = '{"model":"gpt-5","messages":[]}';
  await assert.rejects(gateway.asDevice({ body, device: null }));
  await assert.rejects(gateway.asDevice({ body, device: gateway.console.device('gw_other', 'gateway') }));
  const lost = gateway.console.device('dev_lost');
  assert.equal((await gateway.asDevice({ body, device: lost })).status, 200);
  await gateway.publish({ revoked_serials: [lost.serial.replace(/^0+/, '')] });
  const answer = await gateway.asDevice({ body, device: lost });
  assert.equal(answer.status, 400);
});

test('a provider on a special-purpose address is refused unless its network is allowed', async () => {
  const providers = gateway.payload.providers;
  await gateway.publish({ providers: [{ ...providers[0], base_url: 'http://10.1.2.3:9' }, providers[1]] });
  const answer = await gateway.chat();
  await gateway.publish({ providers });
  assert.equal(answer.status, 403);
  assert.ok(!answer.text.includes('10.1.2.3'), 'addresses of the inside are not shown');
  const { completion } = await gateway.audit(answer.headers['x-request-id']);
  assert.match(completion.reason, /10\.1\.2\.3/);
});

test('metrics count what happened without naming users or keys', async () => {
  const metrics = await until('the counters', async () => {
    const text = await gateway.metrics();
    return text.includes('decision="denied"') && text;
  });
  assert.match(metrics, /sluice_requests_total\{provider="openai",model="gpt-5",app="curl",decision="allowed",status="200"\} \d+/);
  assert.ok(!metrics.includes('alice') && !metrics.includes('vk_') && !metrics.includes('dev_'));
});
