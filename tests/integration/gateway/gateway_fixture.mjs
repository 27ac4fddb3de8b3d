// One gateway between a console double and the mock provider, all on loopback of a network namespace in which
// api.openai.com and api.anthropic.com are 127.0.0.1 (run.sh).
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { ConsoleDouble, payload, virtualKey } from '../../support/console_double/console_double.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const program = process.env.SLUICE_GATEWAY;

export const KEY = 'sk-slc-test-0123456789';
export const PROVIDER_KEY = 'sk-provider-secret';

export async function until(what, condition, patience = 15000) {
  const end = Date.now() + patience;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`timed out waiting for ${what}`);
    await new Promise((done) => { setTimeout(done, 20); });
  }
}

export class Fixture {
  static async make({ settings = {}, snapshot = {} } = {}) {
    const fixture = new Fixture();
    fixture.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sluice-gateway-'));
    await fixture.#startProvider();
    fixture.console = new ConsoleDouble(path.join(fixture.folder, 'console'));
    await fixture.console.start();
    fixture.payload = payload({
      virtual_keys: [virtualKey('vk_test', KEY), virtualKey('vk_fleet', null, { fleet_default: true })],
      providers: [
        { provider: 'openai', dialect: 'openai', base_url: `http://127.0.0.1:${fixture.provider.plain}`, api_key: PROVIDER_KEY },
        { provider: 'anthropic', dialect: 'anthropic', base_url: `http://127.0.0.1:${fixture.provider.plain}`, api_key: PROVIDER_KEY },
      ],
      ...snapshot,
    });
    fixture.console.publish(fixture.payload);
    fixture.device = fixture.console.device();
    fs.writeFileSync(path.join(fixture.folder, 'token'), `${fixture.console.token}\n`, { mode: 0o600 });
    fixture.settings = {
      listen: { api: '127.0.0.1:18080', devices: '127.0.0.1:18444', metrics: '127.0.0.1:19464' },
      state_dir: path.join(fixture.folder, 'state'),
      console_url: fixture.console.url,
      console_pin: fixture.console.pin,
      enrolment_token_file: path.join(fixture.folder, 'token'),
      threads: 2,
      upstream: { ca_file: fixture.provider.ca, allowed_private_networks: ['127.0.0.0/8'] },
      ...settings,
    };
    await fixture.startGateway();
    return fixture;
  }

  async #startProvider() {
    const folder = path.join(this.folder, 'provider');
    fs.mkdirSync(folder);
    const file = (name) => path.join(folder, name);
    this.control({});
    this.mock = spawn('node', [path.join(here, '../../support/mock_provider/main.mjs'), '--certificates', folder,
      '--listen', '127.0.0.1:443', '--plain', '127.0.0.1:0', '--record', file('record.jsonl'), '--bodies', file('bodies'),
      '--control', file('control.json'), '--ready', file('ready.json')], { stdio: ['ignore', 'inherit', 'inherit'] });
    await until('the mock provider', () => fs.existsSync(file('ready.json')) && fs.readFileSync(file('ready.json'), 'utf8').trim());
    this.provider = JSON.parse(fs.readFileSync(file('ready.json'), 'utf8'));
  }

  control(behaviour, rules = []) {
    const file = path.join(this.folder, 'provider', 'control.json');
    fs.writeFileSync(`${file}.new`, JSON.stringify({ default: behaviour, rules }));
    fs.renameSync(`${file}.new`, file);
  }

  async startGateway({ ready = true } = {}) {
    const config = path.join(this.folder, 'gateway.json');
    fs.writeFileSync(config, JSON.stringify(this.settings));
    this.log = [];
    this.process = spawn(program, ['--config', config], { stdio: ['ignore', 'inherit', 'pipe'] });
    this.exited = new Promise((done) => { this.process.on('exit', (code, signal) => done(signal ?? code)); });
    this.process.stderr.setEncoding('utf8');
    this.process.stderr.on('data', (text) => {
      this.log.push(text);
      if (process.env.SLUICE_SHOW_LOG) process.stderr.write(text);
    });
    if (!ready) return;
    let ended;
    this.exited.then((how) => { ended = `the gateway ended with ${how}: ${this.log.join('')}`; });
    await until('the gateway', () => {
      if (ended) throw new Error(ended);
      return this.isReady();
    });
  }

  async kill() {
    this.process.kill('SIGKILL');
    return this.exited;
  }

  async terminate() {
    this.process.kill('SIGTERM');
    return this.exited;
  }

  async close() {
    if (this.process.exitCode === null && this.process.signalCode === null) await this.terminate();
    this.mock.kill();
    await this.console.stop();
    fs.rmSync(this.folder, { recursive: true });
  }

  async publish(changes) {
    this.payload = { ...this.payload, version: this.payload.version + 1, ...changes };
    this.console.publish(this.payload);
    // Compiling the built-in detectors takes seconds with sanitizers.
    await until('the new policy', async () => (await this.metrics()).includes(`sluice_snapshot_version ${this.payload.version}\n`), 90000);
  }

  async isReady() {
    try {
      return (await this.http({ port: 19464, path: '/readyz' })).status === 200;
    } catch {
      return false;
    }
  }

  async metrics() {
    return (await this.http({ port: 19464, path: '/metrics' })).text;
  }

  // An exchange with the API listener; `headers` may be an array of alternating names and values.
  http({ port = 18080, method = 'GET', path: target, headers = {}, body }) {
    return exchange(http.request({ host: '127.0.0.1', port, method, path: target, headers, agent: false }), body);
  }

  chat(body = { model: 'openai/gpt-5', messages: [{ role: 'user', content: 'Hi' }] }, headers = {}) {
    return this.http({ method: 'POST', path: '/v1/chat/completions', body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', ...headers } });
  }

  // An exchange as the agent makes it: mTLS, the governed authority in Host, sluice-* fields behind the client's own.
  asDevice({ host = 'api.openai.com', path: target = '/v1/chat/completions', headers = [], body, device = this.device, app = 'curl' }) {
    const fields = ['host', host, ...headers, 'content-length', String(Buffer.byteLength(body)), 'sluice-app', app,
      'sluice-app-version', '1.0', 'sluice-user', 'alice', 'sluice-process', '/usr/bin/curl'];
    return exchange(https.request({ host: '127.0.0.1', port: 18444, method: 'POST', path: target, headers: fields,
      cert: device?.cert, key: device?.key, ca: this.console.authority.pem, servername: 'localhost', agent: false }), body);
  }

  raw(text, port = 18080) {
    return new Promise((done, fail) => {
      const pieces = [];
      const socket = net.connect(port, '127.0.0.1', () => socket.write(text));
      socket.on('data', (piece) => pieces.push(piece));
      socket.on('end', () => done(Buffer.concat(pieces).toString()));
      socket.on('error', (error) => (pieces.length ? done(Buffer.concat(pieces).toString()) : fail(error)));
    });
  }

  // What the provider says it received, in order.
  received(kind = 'request') {
    const file = path.join(this.folder, 'provider', 'record.jsonl');
    if (!fs.existsSync(file)) return [];
    return fs.readFileSync(file, 'utf8').trim().split('\n').filter(Boolean).map((line) => JSON.parse(line))
      .filter((line) => line.event === kind);
  }

  receivedBody(id) {
    return fs.readFileSync(path.join(this.folder, 'provider', 'bodies', id));
  }

  // The audit of a request, joined from what the console has: {intent, completion} or {refusal}.
  async audit(requestId, kinds = ['completion', 'refusal']) {
    const all = () => Object.fromEntries(this.console.records.map((line) => line.record)
      .filter((record) => record.request_id === requestId).map((record) => [record.type, record]));
    await until(`the audit of ${requestId}`, () => kinds.some((kind) => all()[kind]));
    return all();
  }
}

function exchange(request, body) {
  return new Promise((done, fail) => {
    request.on('error', fail);
    request.on('response', (response) => {
      const pieces = [];
      const answer = { status: response.statusCode, headers: response.headers, rawHeaders: response.rawHeaders };
      response.on('data', (piece) => pieces.push(piece));
      response.on('error', () => {});
      response.on('close', () => {
        answer.complete = response.complete;
        answer.body = Buffer.concat(pieces);
        answer.text = answer.body.toString();
        try { answer.json = JSON.parse(answer.text); } catch { /* not JSON */ }
        done(answer);
      });
    });
    if (body !== undefined) request.write(body);
    request.end();
  });
}
