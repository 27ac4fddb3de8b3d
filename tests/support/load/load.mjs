// Load on the laptop: keep-alive connections that ask without pause (or at a rate), and optionally a new connection
// every so often, to see whether new ones work. Each request has an x-request-id of its own.
//
//   load.mjs --host H [--connections N] [--reuse N] [--probe_ms MS] [--pause_ms MS] [--seconds S] [--path P]
//            [--model M] [--tag T]
//
// A kept connection is opened anew after --reuse requests (0: never).
//
// Prints one JSON line for each request when it ends:
//   {"id","kind":"kept|new","connection","start","connected","end","status","error","code","upstream","fresh"}
// Times are milliseconds since the epoch; `upstream` is the provider's request id, `code` the error type of a
// refusal. Ends after --seconds, or when its standard input ends; the last line is {"done":true}.
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({ options: {
  host: { type: 'string', default: 'api.openai.com' }, path: { type: 'string', default: '/v1/chat/completions' },
  connections: { type: 'string', default: '4' },
  reuse: { type: 'string', default: '0' }, probe_ms: { type: 'string', default: '0' },
  pause_ms: { type: 'string', default: '0' }, seconds: { type: 'string', default: '0' },
  model: { type: 'string', default: 'gpt-5' }, tag: { type: 'string', default: 'load' },
  stream: { type: 'boolean', default: false }, timeout_ms: { type: 'string', default: '5000' },
  user_agent: { type: 'string', default: '' }, plain: { type: 'string', default: '' },
} });
const timeout = Number(options.timeout_ms);
const ca = options.plain ? undefined : fs.readFileSync('/etc/ssl/certs/ca-certificates.crt');
const body = JSON.stringify({ model: options.model, stream: options.stream, max_tokens: 50,
  messages: [{ role: 'user', content: 'Say hello.' }] });
let stopping = false;
let connections = 0;

function line(value) {
  fs.writeSync(1, `${JSON.stringify(value)}\n`);
}

function ask(kind, agent) {
  const id = `${options.tag}-${crypto.randomUUID()}`;
  const start = Date.now();
  const seen = { id, kind, connection: null, start, connected: null, end: null, status: null, error: null, code: null,
    upstream: null, fresh: false };
  return new Promise((done) => {
    const finish = (more) => {
      if (seen.end !== null) return;
      Object.assign(seen, more, { end: Date.now() });
      line(seen);
      done(seen);
    };
    const [client, target] = options.plain ? [http, { host: options.plain.split(':')[0],
      port: Number(options.plain.split(':')[1]) }] : [https, { host: options.host, port: 443, ca }];
    const request = client.request({ ...target, path: options.path, method: 'POST', agent, timeout, headers: {
      'content-type': 'application/json', authorization: 'Bearer sk-lab-dummy', 'x-api-key': 'sk-ant-lab-dummy',
      'anthropic-version': '2023-06-01', ...(options.user_agent ? { 'user-agent': options.user_agent } : {}),
      'x-request-id': id, 'content-length': Buffer.byteLength(body) } });
    request.on('socket', (socket) => {
      seen.fresh = socket.lab_number === undefined;
      socket.lab_number ??= ++connections;
      seen.connection = socket.lab_number;
      if (seen.fresh) socket.once(options.plain ? 'connect' : 'secureConnect', () => { seen.connected = Date.now(); });
    });
    request.on('timeout', () => request.destroy(new Error('timeout')));
    request.on('error', (problem) => finish({ error: problem.code ?? problem.message }));
    request.on('response', (response) => {
      seen.status = response.statusCode;
      seen.upstream = response.headers['x-upstream-request-id'] ?? response.headers['request-id']
        ?? response.headers['x-request-id'] ?? null;
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece) => { text += piece; });
      response.on('error', (problem) => finish({ error: problem.code ?? problem.message }));
      response.on('end', () => {
        let code = null;
        if (response.statusCode >= 400) {
          try {
            const { error } = JSON.parse(text);
            code = error.code ?? error.type ?? null;
            seen.message = error.message;
          } catch {
            code = 'unreadable';
          }
        }
        finish({ code, ...(response.complete ? {} : { error: 'cut' }) });
      });
    });
    request.end(body);
  });
}

const agent_kind = options.plain ? http.Agent : https.Agent;

async function keep_asking() {
  const reuse = Number(options.reuse) || Infinity;
  let agent = new agent_kind({ keepAlive: true, maxSockets: 1 });
  for (let asked = 1; !stopping; asked += 1) {
    const seen = await ask('kept', agent);
    if (asked % reuse === 0) {
      agent.destroy();
      agent = new agent_kind({ keepAlive: true, maxSockets: 1 });
    }
    if (seen.error) await pause(20);
    if (Number(options.pause_ms)) await pause(Number(options.pause_ms));
  }
  agent.destroy();
}

async function keep_connecting() {
  const running = new Set();
  while (!stopping) {
    const agent = new agent_kind({ keepAlive: false });
    const one = ask('new', agent).then(() => { running.delete(one); agent.destroy(); });
    running.add(one);
    await pause(Number(options.probe_ms));
  }
  await Promise.all(running);
}

process.stdin.on('end', () => { stopping = true; });
process.stdin.resume();
if (Number(options.seconds)) setTimeout(() => { stopping = true; }, Number(options.seconds) * 1000);
line({ started: Date.now() });
const workers = Array.from({ length: Number(options.connections) }, keep_asking);
if (Number(options.probe_ms)) workers.push(keep_connecting());
await Promise.all(workers);
line({ done: true });
process.exit(0);
