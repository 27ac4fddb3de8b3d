// Stands in for the console's devices listener in tests of the gateway: enrolment, signed snapshots with long poll,
// event intake, renewal. Same wire format, keys made with the openssl program, everything in one folder.
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';

const openssl = (folder, ...parts) => execFileSync('openssl', parts, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });

// An identity CA (P-256) and what it signs.
class Authority {
  constructor(folder) {
    this.folder = folder;
    openssl(folder, 'ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', 'ca.key');
    openssl(folder, 'req', '-x509', '-new', '-key', 'ca.key', '-subj', '/O=Test Org/CN=Test identity CA', '-days', '30',
      '-out', 'ca.crt');
    this.pem = fs.readFileSync(path.join(folder, 'ca.crt'), 'utf8');
  }

  sign(csr, subject, { names = [], days = '7' } = {}) {
    const base = path.join(this.folder, crypto.randomBytes(6).toString('hex'));
    fs.writeFileSync(`${base}.csr`, csr);
    const alternatives = ['DNS:localhost', 'IP:127.0.0.1', ...names.map((name) => `DNS:${name}`)].join(',');
    fs.writeFileSync(`${base}.ext`, `subjectAltName=${alternatives}\nextendedKeyUsage=serverAuth,clientAuth\n`
      + 'basicConstraints=critical,CA:FALSE\nkeyUsage=digitalSignature\n');
    openssl(this.folder, 'x509', '-req', '-in', `${base}.csr`, '-subj', subject, '-CA', 'ca.crt', '-CAkey', 'ca.key',
      '-set_serial', `0x${crypto.randomBytes(15).toString('hex')}1`, '-days', days, '-extfile', `${base}.ext`,
      '-out', `${base}.crt`);
    return fs.readFileSync(`${base}.crt`, 'utf8');
  }

  issue(subject, options) {
    const base = path.join(this.folder, crypto.randomBytes(6).toString('hex'));
    openssl(this.folder, 'ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${base}.key`);
    openssl(this.folder, 'req', '-new', '-key', `${base}.key`, '-subj', '/CN=x', '-out', `${base}.csr`);
    const cert = this.sign(fs.readFileSync(`${base}.csr`), subject, options);
    const serial = new crypto.X509Certificate(cert).serialNumber.toLowerCase();
    return { key: fs.readFileSync(`${base}.key`, 'utf8'), cert, serial };
  }
}

export class ConsoleDouble {
  constructor(folder) {
    fs.mkdirSync(folder, { recursive: true });
    this.authority = new Authority(folder);
    this.policyKey = crypto.generateKeyPairSync('ed25519');
    this.rawPolicyKey = this.policyKey.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
    this.own = this.authority.issue('/O=Test Org/OU=console/CN=localhost');
    const spki = new crypto.X509Certificate(this.own.cert).publicKey.export({ format: 'der', type: 'spki' });
    this.pin = `sha256//${crypto.createHash('sha256').update(spki).digest('base64')}`;
    this.token = 'enrol-me-once';
    this.records = []; // parsed chained lines, as they arrived
    this.requests = []; // method and path, in order
    this.waiting = new Set();
    this.envelope = null;
    this.etag = null;
  }

  device(id = 'dev_test', unit = 'device') {
    return this.authority.issue(`/O=Test Org/OU=${unit}/CN=${id}`);
  }

  // Signs and serves a payload; gateways that wait get it at once.
  publish(payload, { key = this.policyKey.privateKey, tamper = false } = {}) {
    const bytes = Buffer.from(JSON.stringify(payload));
    const signature = crypto.sign(null, Buffer.concat([Buffer.from('sluice.signed.v1\n'), bytes]), key);
    const served = tamper ? Buffer.from(bytes.toString().replace('"version":', '"version": ')) : bytes;
    this.envelope = JSON.stringify({
      format: 'sluice.signed.v1',
      key_id: crypto.createHash('sha256').update(this.rawPolicyKey).digest('hex').slice(0, 8),
      payload: served.toString('base64'),
      signature: signature.toString('base64'),
    });
    this.etag = `"${payload.epoch}.${payload.version}"`;
    for (const answer of this.waiting) answer();
  }

  async start(port = 0) {
    this.server = https.createServer(
      { key: this.own.key, cert: this.own.cert, ca: this.authority.pem, requestCert: true, rejectUnauthorized: false },
      (request, response) => this.#serve(request, response));
    await new Promise((done) => { this.server.listen(port, '127.0.0.1', done); });
    this.port = this.server.address().port;
    this.url = `https://127.0.0.1:${this.port}`;
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((done) => { this.server.close(done); });
  }

  async #serve(request, response) {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    const body = Buffer.concat(pieces).toString();
    const url = new URL(request.url, 'https://console');
    this.requests.push(`${request.method} ${url.pathname}`);
    const reply = (status, document, headers = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(typeof document === 'string' ? document : JSON.stringify(document));
    };
    const refuse = (status, code, message) => reply(status, { error: { code, message } });
    if (url.pathname === '/gateway/v1/enrol') {
      const asked = JSON.parse(body);
      if (asked.token !== this.token) return refuse(401, 'unauthenticated', 'no such token');
      this.gatewayId = 'gw_01TEST';
      return reply(201, {
        gateway_id: this.gatewayId, org: 'Test Org',
        certificate: this.authority.sign(asked.csr, `/O=Test Org/OU=gateway/CN=${this.gatewayId}`),
        identity_ca: this.authority.pem, policy_key: this.rawPolicyKey.toString('base64'), root_ca: this.authority.pem,
      });
    }
    if (!request.socket.authorized) return refuse(401, 'unauthenticated', 'no client certificate');
    if (url.pathname === '/gateway/v1/renew') {
      return reply(200, { certificate: this.authority.sign(JSON.parse(body).csr, `/O=Test Org/OU=gateway/CN=${this.gatewayId}`) });
    }
    if (url.pathname === '/gateway/v1/events') {
      const { origin, records } = JSON.parse(body);
      this.records.push(...records);
      const last = records.at(-1).record.sequence;
      return reply(origin === this.gatewayId ? 200 : 403, { accepted_through: last });
    }
    if (url.pathname === '/gateway/v1/snapshot') {
      const fresh = () => this.envelope && this.etag !== request.headers['if-none-match'];
      if (!fresh()) {
        const wait = Number(url.searchParams.get('wait') ?? 0) * 1000;
        await new Promise((done) => {
          const finish = () => { clearTimeout(timer); this.waiting.delete(finish); done(); };
          const timer = setTimeout(finish, wait);
          this.waiting.add(finish);
          response.on('close', finish);
        });
      }
      if (!fresh()) { response.writeHead(304); return response.end(); }
      return reply(200, this.envelope, { etag: this.etag });
    }
    return refuse(404, 'not_found', request.url);
  }
}

const inference = (...paths) => paths.map((file) => ({ method: 'POST', path: file }));

// A gateway payload that allows everything; override what a test is about.
export function payload(overrides = {}) {
  return {
    kind: 'gateway', org: 'Test Org', epoch: 1, version: 1, issued_at: new Date().toISOString(),
    not_after: new Date(Date.now() + 7 * 86400e3).toISOString(), gateway_url: 'https://localhost:8444', root_cas: [],
    contact: 'it@example.org', pending_apps: 'allow', gateway_down: 'block',
    hosts: [
      { host: 'api.openai.com', provider: 'openai', dialect: 'openai', mode: 'governed',
        inference: inference('/v1/chat/completions', '/v1/completions', '/v1/responses', '/v1/embeddings') },
      { host: 'api.anthropic.com', provider: 'anthropic', dialect: 'anthropic', mode: 'governed',
        inference: inference('/v1/messages', '/v1/messages/count_tokens') },
    ],
    apps: [], device_decisions: [], revoked_serials: [], virtual_keys: [], providers: [],
    ...overrides,
  };
}

export function virtualKey(id, text, overrides = {}) {
  return {
    id, name: id, key_sha256: text ? crypto.createHash('sha256').update(text).digest('hex') : '', enabled: true,
    fleet_default: false, allowed_models: { openai: ['*'], anthropic: ['*'] }, ...overrides,
  };
}
