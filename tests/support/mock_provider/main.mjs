// A mock of the AI providers, and of the rest of the internet: TLS with a certificate for every server name,
// HTTP/1.1 and HTTP/2 on one listener, the vendors' public wire formats, and a record of what arrived.
// See README.md for the options, control.mjs for behaviours, record.mjs for the record.
import fs from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import { parseArgs } from 'node:util';
import zlib from 'node:zlib';
import * as anthropic from './anthropic.mjs';
import { PublicAuthority } from './certificates.mjs';
import { Control } from './control.mjs';
import * as gemini from './gemini.mjs';
import { serve_names } from './names.mjs';
import * as openai from './openai.mjs';
import { Record } from './record.mjs';
import { respond, send_json } from './respond.mjs';

const { values: options } = parseArgs({ options: {
  certificates: { type: 'string' }, listen: { type: 'string', default: '127.0.0.1:0' }, plain: { type: 'string' },
  record: { type: 'string' }, control: { type: 'string' }, bodies: { type: 'string' }, ready: { type: 'string' },
  names: { type: 'string' }, name: { type: 'string', multiple: true, default: [] },
} });
if (!options.certificates) {
  process.stderr.write('usage: main.mjs --certificates DIR [--listen HOST:PORT] [--plain HOST:PORT] [--record FILE]\n'
    + '       [--control FILE] [--bodies DIR] [--ready FILE] [--names ADDRESS] [--name HOST=ADDRESS]…\n');
  process.exit(2);
}

const authority = new PublicAuthority(options.certificates);
const control = new Control(options.control);
const record = new Record(options.record, options.bodies);
let connections = 0;

// The dialect of an inference request, or null: everything else is a side call or a web site.
function dialect_of(method, path) {
  if (method !== 'POST') return null;
  if (/^\/v1\/messages(\/count_tokens)?(\?|$)/.test(path)) return anthropic;
  if (/^\/v1\/(chat\/completions|responses)(\?|$)/.test(path)) return openai;
  if (/^\/v1(beta)?\/models\/[^/]+:(stream)?[gG]enerateContent/.test(path)) return gemini;
  return null;
}

const PROVIDERS = /(^|\.)(anthropic\.com|openai\.com|claude\.ai|chatgpt\.com|googleapis\.com)$/;

// What is not inference: clients with an API key do not notice a 404 from a provider's other paths.
function side_call(request, response) {
  if (PROVIDERS.test(request.host)) {
    const dialect = request.host.includes('anthropic') ? anthropic : openai;
    send_json(response, 404, dialect.error(404, `Not found: ${request.path}`, request.id), dialect.identify(request.id));
    return 404;
  }
  const page = `<!doctype html><title>${request.host}</title><p>This is ${request.host}, an ordinary web site.</p>\n`;
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-length': Buffer.byteLength(page) });
  response.end(page);
  return 200;
}

function pairs(raw) {
  const fields = [];
  for (let at = 0; at + 1 < raw.length; at += 2) fields.push([raw[at], raw[at + 1]]);
  return fields;
}

function describe(incoming) {
  const socket = incoming.stream ? incoming.stream.session?.socket : incoming.socket;
  const path = incoming.url;
  const host = (incoming.headers[':authority'] ?? incoming.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  const dialect = dialect_of(incoming.method, path);
  const kind = dialect ?? (host.includes('anthropic') ? anthropic : openai);
  return { id: kind.request_id(), dialect, connection: socket?.lab_connection ?? null,
    peer: socket?.remoteAddress ?? null, sni: socket?.servername || null,
    host, http: incoming.httpVersion, method: incoming.method, path, headers: incoming.headers,
    fields: pairs(incoming.rawHeaders) };
}

const DECODERS = { gzip: zlib.gunzipSync, br: zlib.brotliDecompressSync, deflate: zlib.inflateSync };
const BODY_LIMIT = 64 * 1024 * 1024;

function parsed(body, encoding) {
  try {
    const decode = DECODERS[encoding] ?? ((bytes) => bytes);
    return JSON.parse(decode(body, { maxOutputLength: BODY_LIMIT }));
  } catch {
    return null;
  }
}

async function serve(incoming, response) {
  const request = describe(incoming);
  const chunks = [];
  let complete = false;
  response.on('error', () => {});
  try {
    for await (const chunk of incoming) chunks.push(chunk);
    complete = incoming.complete !== false && !incoming.aborted;
  } catch {
    // The sender left within the body; the record says so.
  }
  const body = Buffer.concat(chunks);
  record.request(request, body, complete);
  if (!complete) return;
  const { dialect } = request;
  if (!dialect) {
    record.line('response', { id: request.id, status: side_call(request, response), finished: true });
    return;
  }
  const question = parsed(body, request.headers['content-encoding']);
  if (!question) {
    send_json(response, 400, dialect.error(400, 'We could not parse the JSON body of your request.', request.id),
      dialect.identify(request.id));
    record.line('response', { id: request.id, status: 400, finished: true });
    return;
  }
  const told = { ...request, question, size: body.length };
  const outcome = await respond(response, dialect, told, control.behaviour(request));
  record.line('response', { id: request.id, ...outcome });
}

function on_request(incoming, response) {
  serve(incoming, response).catch((problem) => {
    process.stderr.write(`mock provider: ${problem.stack}\n`);
    response.destroy?.();
  });
}

function listen(server, where) {
  const at = where.lastIndexOf(':');
  return new Promise((ready, failed) => {
    server.once('error', failed);
    server.listen({ host: where.slice(0, at), port: Number(where.slice(at + 1)), backlog: 1024 },
      () => ready(server.address().port));
  });
}

const secure = http2.createSecureServer({ allowHTTP1: true, ...authority.credentials('unnamed.invalid'),
  SNICallback: (name, done) => {
    try {
      done(null, authority.context(name));
    } catch (problem) {
      done(problem);
    }
  } }, on_request);
secure.keepAliveTimeout = 60_000;
secure.headersTimeout = 65_000;
secure.on('secureConnection', (socket) => {
  socket.lab_connection = ++connections;
  socket.setNoDelay(true);
  socket.on('error', () => {});
});
secure.on('sessionError', () => {});
secure.on('tlsClientError', (problem, socket) => record.line('handshake_failed',
  { sni: socket?.servername ?? null, error: problem.code ?? problem.message }));

const ports = { tls: await listen(secure, options.listen) };
if (options.plain) {
  const plain = http.createServer({ keepAliveTimeout: 60_000 }, on_request);
  ports.plain = await listen(plain, options.plain);
}
if (options.names) await serve_names(options.names, new Map(options.name.map((pair) => pair.split('='))));
record.line('start', ports);
if (options.ready) {
  fs.writeFileSync(`${options.ready}.new`, JSON.stringify({ ...ports, ca: authority.certificate }));
  fs.renameSync(`${options.ready}.new`, options.ready);
}
process.stdout.write(`mock provider ready ${JSON.stringify(ports)}\n`);
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
