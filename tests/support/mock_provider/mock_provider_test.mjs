import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import http2 from 'node:http2';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import zlib from 'node:zlib';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mock-provider-'));
const file = (name) => path.join(folder, name);
let provider;
let ca;
let port;

before(async () => {
  provider = spawn(process.execPath, [new URL('main.mjs', import.meta.url).pathname, '--certificates', file('tls'),
    '--record', file('record'), '--control', file('control'), '--ready', file('ready')],
  { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(provider.stdout, 'data');
  ({ tls: port } = JSON.parse(fs.readFileSync(file('ready'))));
  ca = fs.readFileSync(file('tls/public-ca.crt'));
});

after(() => {
  provider.kill();
  fs.rmSync(folder, { recursive: true });
});

function control(text) {
  fs.writeFileSync(file('control.new'), JSON.stringify(text));
  fs.renameSync(file('control.new'), file('control'));
}

const lines = (event) => fs.readFileSync(file('record'), 'utf8').trim().split('\n').map(JSON.parse)
  .filter((line) => line.event === event);

// The record's line is written when the provider sees the end, which may be after the client does.
async function response_record(id) {
  const watcher = fs.watch(file('record'));
  for (;;) {
    const line = lines('response').find((one) => one.id === id);
    if (line) {
      watcher.close();
      return line;
    }
    await once(watcher, 'change');
  }
}

function ask(host, target, body, headers = {}) {
  return new Promise((done, failed) => {
    const request = https.request({ host: '127.0.0.1', port, servername: host, ca, path: target, method: 'POST',
      headers: { Host: host, ...headers }, agent: false }, async (response) => {
      const chunks = [];
      try {
        for await (const chunk of response) chunks.push(chunk);
      } catch (problem) {
        return done({ problem, text: Buffer.concat(chunks).toString(), headers: response.headers });
      }
      const issuer = response.socket?.getPeerCertificate?.().issuer;
      return done({ status: response.statusCode, text: Buffer.concat(chunks).toString(), headers: response.headers,
        issuer });
    });
    // After the head a broken connection is the response's error, not the request's.
    request.on('error', (problem) => (request.res ? null : failed(problem)));
    request.end(body);
  });
}

const question = (more = {}) => JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi' }], ...more });

test('the answer carries the id that the record holds next to the body and the received fields in order', async () => {
  control({});
  const body = question();
  const answer = await ask('api.openai.com', '/v1/chat/completions', body, { 'X-Zeta': '1', 'x-alpha': '2',
    'X-Request-Id': 'mine' });
  assert.equal(JSON.parse(answer.text).choices[0].message.content, 'Hello from the mock provider.');
  const line = lines('request').at(-1);
  assert.equal(line.id, answer.headers['x-request-id']);
  assert.equal(line.x_request_id, 'mine');
  assert.equal(line.sni, 'api.openai.com');
  assert.equal(line.body_sha256, crypto.createHash('sha256').update(body).digest('hex'));
  assert.deepEqual(line.headers.slice(1, 4).map(([name]) => name), ['X-Zeta', 'x-alpha', 'X-Request-Id']);
});

test('a stream is cut into the events that were asked for and ends as the vendor ends it', async () => {
  control({ default: { events: 5, answer: 'one two three four five.' } });
  const messages = await ask('api.anthropic.com', '/v1/messages', question({ stream: true }));
  assert.equal(messages.text.match(/event: content_block_delta/g).length, 5);
  assert.match(messages.text, /event: message_stop\ndata: \{"type":"message_stop"\}\n\n$/);
  assert.match(messages.headers['request-id'], /^req_011/);
  const chat = await ask('api.openai.com', '/v1/chat/completions', question({ stream: true }));
  assert.match(chat.text, /data: \[DONE\]\n\n$/);
  const responses = await ask('api.openai.com', '/v1/responses', question({ stream: true }));
  assert.match(responses.text, /event: response.completed/);
});

test('a rule applies as many times as it says', async () => {
  control({ rules: [{ path: '/v1/messages', times: 1, then: { status: 429, headers: [['retry-after', '3']] } }] });
  const refused = await ask('api.anthropic.com', '/v1/messages', question());
  assert.equal(refused.status, 429);
  assert.equal(refused.headers['retry-after'], '3');
  assert.equal(JSON.parse(refused.text).error.type, 'rate_limit_error');
  assert.equal((await ask('api.anthropic.com', '/v1/messages', question())).status, 200);
});

test('a cut stream breaks the connection and the record says that it was not finished', async () => {
  control({ default: { events: 10, answer_bytes: 1000, cut_after: 4 } });
  const answer = await ask('api.openai.com', '/v1/responses', question({ stream: true }));
  assert.ok(answer.problem);
  assert.equal((await response_record(answer.headers['x-request-id'])).finished, false);
});

test('malformed answers are malformed', async () => {
  control({ default: { malformed: 'json' } });
  const broken = await ask('api.openai.com', '/v1/chat/completions', question());
  assert.throws(() => JSON.parse(broken.text));
  control({ default: { malformed: 'head' } });
  await assert.rejects(ask('api.openai.com', '/v1/chat/completions', question()));
});

test('a gzip body is understood and recorded as it came', async () => {
  control({});
  const body = zlib.gzipSync(question({ stream: true }));
  const answer = await ask('api.anthropic.com', '/v1/messages', body, { 'content-encoding': 'gzip' });
  assert.match(answer.headers['content-type'], /event-stream/);
  assert.equal(lines('request').at(-1).body_bytes, body.length);
});

test('HTTP/2 is spoken on the same port', async () => {
  const session = http2.connect(`https://127.0.0.1:${port}`, { ca, servername: 'api.openai.com' });
  const stream = session.request({ ':method': 'POST', ':path': '/v1/chat/completions', ':authority': 'api.openai.com' });
  stream.end(question());
  const [headers] = await once(stream, 'response');
  assert.equal(headers[':status'], 200);
  stream.resume();
  await once(stream, 'end');
  session.close();
  assert.equal(lines('request').at(-1).http, '2.0');
});

test('another host is an ordinary web site with a certificate of its own', async () => {
  const answer = await ask('www.example.org', '/', '');
  assert.match(answer.text, /ordinary web site/);
  assert.equal(lines('request').at(-1).sni, 'www.example.org');
});
