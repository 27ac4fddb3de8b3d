// Our own client: a request whose head is written by hand, so that its field names, values and order are known.
// usage: exact.mjs REQUEST_ID. The head must arrive at the provider with the same values in the same order.
import crypto from 'node:crypto';
import fs from 'node:fs';
import tls from 'node:tls';
import { report } from './report.mjs';

const host = 'api.anthropic.com';
const body = JSON.stringify({ model: 'claude-sonnet-4-5', max_tokens: 100, stream: false, metadata: { user_id: 'ä€😀' },
  messages: [{ role: 'user', content: `Say hello.\u2028${' padding'.repeat(300)}` }], unknown_field: [1.0, 1e3, null] })
  .replace('"stream"', '\t"stream"');
const fields = [
  ['Host', host],
  ['X-Zulu', 'first'],
  ['accept', 'application/json, text/event-stream;q=0.9'],
  ['X-Alpha', 'a  b,c;d="e"'],
  ['User-Agent', 'exact/1.0 (lab)'],
  ['X-Repeated', 'one'],
  ['anthropic-version', '2023-06-01'],
  ['X-Repeated', 'two'],
  ['x-api-key', 'sk-ant-lab-dummy'],
  ['anthropic-beta', 'first-beta-2025-01-01,second-beta-2025-02-02'],
  ['X-Request-Id', process.argv[2]],
  ['content-type', 'application/json'],
  ['X-Empty', ''],
  ['Content-Length', String(Buffer.byteLength(body))],
];

// The store of the system, as curl uses it.
const ca = fs.readFileSync('/etc/ssl/certs/ca-certificates.crt');
const socket = tls.connect({ host, port: 443, servername: host, ca, ALPNProtocols: ['http/1.1'] }, () => {
  const head = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.write(`POST /v1/messages?beta=true&x=%7Ey HTTP/1.1\r\n${head}\r\n${body}`);
});
let received = '';
socket.setEncoding('utf8');
socket.setTimeout(20_000, () => socket.destroy(new Error('no answer within 20 s')));
socket.on('data', (text) => {
  received += text;
  const at = received.indexOf('\r\n\r\n');
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(received)?.[1] ?? NaN);
  if (at < 0 || Buffer.byteLength(received.slice(at + 4)) < length) return;
  const issuer = socket.getPeerCertificate().issuer;
  socket.end();
  report({ fields, target: '/v1/messages?beta=true&x=%7Ey', body_sha256: crypto.createHash('sha256').update(body).digest('hex'),
    head: received.slice(0, at), answer: JSON.parse(received.slice(at + 4)), issuer });
});
socket.on('error', (problem) => report({ error: problem.message }));
