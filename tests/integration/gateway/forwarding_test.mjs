// What passes the gateway: bodies byte for byte, fields in their order, streams as they come, cuts as cuts.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import http from 'node:http';
import { after, before, test } from 'node:test';
import zlib from 'node:zlib';

import { Fixture, KEY, PROVIDER_KEY, until } from './gateway_fixture.mjs';

let gateway;
before(async () => { gateway = await Fixture.make(); });
after(async () => { await gateway?.close(); });

const sha256 = (bytes) => crypto.createHash('sha256').update(bytes).digest('hex');
const last = () => gateway.received().at(-1);
const field = (request, name) => request.headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);

test('an API client gets the answer of the provider, with both request ids and the overhead', async () => {
  const answer = await gateway.chat();
  assert.equal(answer.status, 200);
  assert.match(answer.json.choices[0].message.content, /Hello from the mock provider/);
  assert.match(answer.headers['x-request-id'], /^req_[0-9A-Z]{26}$/);
  assert.equal(answer.headers['x-upstream-request-id'], last().id);
  assert.match(answer.headers['x-sluice-overhead-us'], /^\d+$/);
});

test('the virtual key stays, the provider sees its own key, in each of the fields a key may come in', async () => {
  for (const headers of [{ authorization: `Bearer ${KEY}` }, { 'x-api-key': KEY }, { 'x-goog-api-key': KEY },
    { 'api-key': KEY }, { 'x-sluice-key': KEY, authorization: 'Bearer something-else' }]) {
    const answer = await gateway.chat(undefined, { authorization: 'none', ...headers });
    assert.equal(answer.status, 200, JSON.stringify(headers));
    assert.deepEqual(field(last(), 'authorization'), [`Bearer ${PROVIDER_KEY}`]);
    assert.ok(!JSON.stringify(last().headers).includes(KEY));
  }
});

test('Anthropic messages take the key in x-api-key, streamed and not', async () => {
  for (const stream of [false, true]) {
    const answer = await gateway.http({ method: 'POST', path: '/v1/messages', headers: { 'x-api-key': KEY },
      body: JSON.stringify({ model: 'claude-sonnet-4-5', max_tokens: 10, stream, messages: [{ role: 'user', content: 'x' }] }) });
    assert.equal(answer.status, 200);
    assert.deepEqual(field(last(), 'x-api-key'), [PROVIDER_KEY]);
    assert.match(answer.text, stream ? /message_stop/ : /Hello from the mock provider/);
    const { completion } = await gateway.audit(answer.headers['x-request-id']);
    assert.equal(completion.decision, 'allowed');
    assert.ok(completion.tokens.output > 0, JSON.stringify(completion));
  }
});

test('only the provider in front of the model is cut from a body', async () => {
  const body = '{ "messages" : [ {"role":"user","content":"Gr\\u00fc\\u00dfe, 世界"} ],\n\t"model":  "openai/gpt-5" , "unknown_field": [1.0, 1e3] }';
  const answer = await gateway.chat(body);
  assert.equal(answer.status, 200);
  assert.equal(gateway.receivedBody(last().id).toString(), body.replace('openai/gpt-5', 'gpt-5'));
});

test('a request of an intercepted app arrives byte for byte, its fields in order, Sluice’s own left out', async () => {
  const body = Buffer.from('{"model":"gpt-5","messages":[{"role":"user","content":"\\ud83d\\ude00 exact"}],"x":1.0}\n ');
  const headers = ['X-Zeta', '1', 'authorization', 'Bearer sk-own-key', 'x-alpha', 'b', 'X-Zeta', '2', 'accept', '*/*',
    'x-request-id', 'client-7', 'accept-encoding', 'identity'];
  const answer = await gateway.asDevice({ headers, body });
  assert.equal(answer.status, 200);
  const request = last();
  assert.equal(request.body_sha256, sha256(body));
  assert.equal(request.sni, 'api.openai.com');
  assert.deepEqual(request.headers, [['host', 'api.openai.com'], ['X-Zeta', '1'], ['authorization', 'Bearer sk-own-key'],
    ['x-alpha', 'b'], ['X-Zeta', '2'], ['accept', '*/*'], ['x-request-id', 'client-7'], ['accept-encoding', 'identity'],
    ['content-length', String(body.length)]]);
  assert.equal(answer.headers['x-request-id'], request.id);
  const { intent, completion } = await gateway.audit(answer.headers['sluice-request-id']);
  assert.equal(intent.device, 'dev_test');
  assert.equal(intent.user, 'alice');
  assert.equal(intent.app, 'curl');
  assert.equal(intent.client_request_id, 'client-7');
  assert.equal(intent.virtual_key, 'vk_fleet');
  assert.equal(completion.upstream_request_id, request.id);
  assert.deepEqual([completion.decision, completion.status], ['allowed', 200]);
});

test('a compressed body is understood and forwarded as it came', async () => {
  const text = JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content: 'packed '.repeat(500) }] });
  for (const [coding, pack] of [['gzip', zlib.gzipSync], ['deflate', zlib.deflateSync], ['br', zlib.brotliCompressSync]]) {
    const body = pack(text);
    const answer = await gateway.asDevice({ headers: ['content-encoding', coding], body });
    assert.equal(last().body_sha256, sha256(body));
    const { intent } = await gateway.audit(answer.headers['sluice-request-id']);
    assert.equal(intent.model, 'gpt-5', coding);
  }
});

test('a chunked request body arrives whole', async () => {
  const body = JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content: 'x'.repeat(100000) }] });
  const request = http.request({ host: '127.0.0.1', port: 18080, method: 'POST', path: '/v1/chat/completions', agent: false,
    headers: { authorization: `Bearer ${KEY}`, 'transfer-encoding': 'chunked' } });
  const answer = new Promise((done) => { request.on('response', (response) => { response.resume(); done(response); }); });
  for (let i = 0; i < body.length; i += 7777) request.write(body.slice(i, i + 7777));
  request.end();
  assert.equal((await answer).statusCode, 200);
  assert.equal(last().body_sha256, sha256(body));
});

test('each piece of a stream is written on at once', async () => {
  gateway.control({ events: 5, interval_ms: 150 });
  const started = Date.now();
  const arrivals = [];
  await new Promise((done, fail) => {
    const request = http.request({ host: '127.0.0.1', port: 18080, method: 'POST', path: '/v1/chat/completions', agent: false,
      headers: { authorization: `Bearer ${KEY}` } }, (response) => {
      assert.equal(response.headers['content-type'].split(';')[0], 'text/event-stream');
      response.on('data', () => arrivals.push(Date.now() - started));
      response.on('end', done);
    });
    request.on('error', fail);
    request.end(JSON.stringify({ model: 'gpt-5', stream: true, messages: [] }));
  });
  gateway.control({});
  assert.ok(arrivals.length >= 4, `${arrivals}`);
  assert.ok(arrivals.at(-1) - arrivals[0] > 300, `pieces came together: ${arrivals}`);
});

test('a stream that the provider cuts is cut for the client and recorded as failed', async () => {
  for (const cut of ['reset', 'fin']) {
    for (const cut_after of [0, 1, 2]) {
      gateway.control({ events: 4, interval_ms: 20, cut_after, cut });
      const answer = await gateway.chat({ model: 'gpt-5', stream: true, messages: [] }).catch((error) => ({ error }));
      if (answer.error) continue; // cut before its head: the client saw a broken connection
      if (answer.status === 200) assert.equal(answer.complete, false, `${cut} after ${cut_after} looked complete`);
      const { completion } = await gateway.audit(answer.headers['x-request-id']);
      assert.equal(completion.decision, 'failed', `${cut} after ${cut_after}`);
    }
  }
  gateway.control({});
});

test('an answer that is cut in the middle of its body becomes an error of the dialect', async () => {
  gateway.control({ cut_after: 1 });
  const answer = await gateway.chat();
  gateway.control({});
  assert.equal(answer.status, 502);
  assert.equal(typeof answer.json.error.message, 'string');
  const { completion } = await gateway.audit(answer.headers['x-request-id']);
  assert.deepEqual([completion.decision, completion.status], ['failed', 502]);
});

test('an answer of the provider that is not HTTP is 502, not the client’s mistake', async () => {
  gateway.control({ malformed: 'head' });
  const answer = await gateway.chat();
  gateway.control({});
  assert.equal(answer.status, 502);
  const { completion } = await gateway.audit(answer.headers['x-request-id']);
  assert.deepEqual([completion.decision, completion.status], ['failed', 502]);
});

test('errors of the provider pass unchanged', async () => {
  for (const status of [400, 429, 500, 529]) {
    gateway.control({ status, message: 'the provider’s own words', headers: [['retry-after', '7']] });
    const answer = await gateway.asDevice({ body: '{"model":"gpt-5","messages":[]}' });
    assert.equal(answer.status, status);
    assert.match(answer.text, /the provider’s own words/);
    assert.equal(answer.headers['retry-after'], '7');
  }
  gateway.control({});
});

test('a stream whose usage the provider does not tell is recorded without tokens, one that tells it with them', async () => {
  for (const include_usage of [false, true]) {
    const answer = await gateway.chat(JSON.stringify({ model: 'gpt-5', stream: true, stream_options: { include_usage },
      messages: [{ role: 'user', content: 'x' }] }));
    assert.match(answer.text, /\[DONE\]/);
    const { completion } = await gateway.audit(answer.headers['x-request-id']);
    assert.equal(completion.cost_nanodollars, null);
    if (include_usage) assert.ok(completion.tokens.output > 0);
    else assert.equal(completion.tokens, null);
  }
});

test('a client that leaves stops the provider, and the request is recorded as interrupted', async () => {
  gateway.control({ events: 200, interval_ms: 50 });
  const before = gateway.received().length;
  const id = await new Promise((done) => {
    const request = http.request({ host: '127.0.0.1', port: 18080, method: 'POST', path: '/v1/messages', agent: false,
      headers: { 'x-api-key': KEY } }, (response) => {
      response.once('data', () => { done(response.headers['x-request-id']); request.destroy(); });
    });
    request.on('error', () => {});
    request.end(JSON.stringify({ model: 'claude-sonnet-4-5', max_tokens: 9, stream: true, messages: [] }));
  });
  const { completion } = await gateway.audit(id);
  assert.equal(completion.decision, 'interrupted');
  assert.ok(completion.tokens.input > 0, 'the tokens that were reported so far count');
  const upstream = gateway.received().slice(before).at(-1).id;
  const ended = await until('the provider to notice', () => gateway.received('response').find((line) => line.id === upstream), 3000);
  assert.equal(ended.finished, false);
  gateway.control({});
});

test('a client that leaves before the answer begins stops the provider too', async () => {
  gateway.control({ hang: true });
  const before = gateway.received().length;
  const request = http.request({ host: '127.0.0.1', port: 18080, method: 'POST', path: '/v1/chat/completions', agent: false,
    headers: { authorization: `Bearer ${KEY}` } });
  request.on('error', () => {});
  request.end(JSON.stringify({ model: 'gpt-5', messages: [] }));
  await until('the provider to get it', () => gateway.received().length > before);
  request.destroy();
  const completed = () => gateway.console.records.map((line) => line.record).find((record) => record.type === 'completion'
    && record.decision === 'interrupted' && record.status === 0);
  await until('the completion', completed, 3000);
  gateway.control({});
});

test('connections to the provider are used again', async () => {
  const connections = new Set();
  for (let i = 0; i < 10; ++i) {
    await gateway.chat();
    connections.add(last().connection);
  }
  assert.ok(connections.size <= 2, `10 requests took ${connections.size} connections`); // one for each worker
});

test('the Gemini API below /genai goes to a provider with that dialect, its key in place of the client’s', async () => {
  const { providers, virtual_keys } = gateway.payload;
  await gateway.publish({
    providers: [...providers, { provider: 'google', dialect: 'gemini', base_url: `http://127.0.0.1:${gateway.provider.plain}`, api_key: PROVIDER_KEY }],
    virtual_keys: virtual_keys.map((key) => ({ ...key, allowed_models: { ...key.allowed_models, google: ['*'] } })),
  });
  const answer = await gateway.http({ method: 'POST', path: '/genai/v1beta/models/gemini-3:generateContent',
    headers: { 'x-goog-api-key': KEY }, body: '{"contents":[{"parts":[{"text":"hi"}]}]}' });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(last().path, '/v1beta/models/gemini-3:generateContent');
  assert.deepEqual(field(last(), 'x-goog-api-key'), [PROVIDER_KEY]);
  const { intent, completion } = await gateway.audit(answer.headers['x-request-id']);
  assert.deepEqual([intent.model, intent.operation], ['gemini-3', 'generate_content']);
  assert.ok(completion.tokens.output > 0);
  await gateway.publish({ providers, virtual_keys });
});

test('the models that a key names are listed', async () => {
  const answer = await gateway.http({ path: '/v1/models', headers: { authorization: `Bearer ${KEY}` } });
  assert.equal(answer.status, 200);
  assert.equal(answer.json.object, 'list');
});
