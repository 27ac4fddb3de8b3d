// Writes an answer, or misbehaves as the control file asks.
import { setTimeout as pause } from 'node:timers/promises';

// A reset discards what the kernel has not sent yet; the peer is to see the bytes before the break.
const FLUSH_MS = 20;

// Breaks the transport below a response: a TCP reset, or an orderly end of the connection.
async function cut(response, how) {
  await pause(FLUSH_MS);
  const socket = response.stream ? response.stream.session?.socket : response.socket;
  if (response.stream) response.stream.session?.destroy();
  if (!socket) return;
  const transport = socket._parent ?? socket;
  if (how === 'fin') socket.destroy();
  else if (typeof transport.resetAndDestroy === 'function') transport.resetAndDestroy();
  else socket.destroy();
}

function head(response, status, fields) {
  const flat = fields.filter(([name]) => !response.stream || name !== 'connection').flat();
  if (response.stream) {
    const grouped = {};
    for (let at = 0; at < flat.length; at += 2) grouped[flat[at]] = flat[at + 1];
    response.writeHead(status, grouped);
  } else {
    response.writeHead(status, flat);
  }
}

export function send_json(response, status, value, fields = []) {
  const text = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  head(response, status, [['date', new Date().toUTCString()], ['content-type', 'application/json'],
    ['content-length', String(text.length)], ...fields]);
  response.end(text);
}

// Resolves to { status, finished }; never rejects for a peer that left.
export async function respond(response, dialect, request, behaviour) {
  const id = request.id;
  const fields = [...dialect.identify(id), ...(behaviour.headers ?? [])];
  if (behaviour.hang) return { status: null, finished: false };
  if (behaviour.delay_ms) await pause(behaviour.delay_ms);
  if (response.destroyed) return { status: null, finished: false };
  if (behaviour.malformed === 'head') {
    response.socket?.end('HTTP/1.1 twohundred OK\r\ncontent-type application/json\r\n\r\n{}');
    return { status: null, finished: false };
  }
  if (behaviour.status) {
    send_json(response, behaviour.status, dialect.error(behaviour.status,
      behaviour.message ?? `the mock provider answers ${behaviour.status}`, id), fields);
    return { status: behaviour.status, finished: true };
  }
  const made = dialect.answer({ ...request, behaviour });
  const outcome = made.events ? await stream(response, made.events, fields, behaviour)
    : whole(response, made.body, fields, behaviour);
  return { ...outcome, usage: outcome.finished ? made.usage : null };
}

function whole(response, body, fields, behaviour) {
  const text = JSON.stringify(body);
  if (behaviour.malformed === 'json') {
    send_json(response, 200, text.slice(0, text.length / 2), fields);
    return { status: 200, finished: true };
  }
  if (behaviour.malformed === 'length' || behaviour.cut_after !== undefined) {
    head(response, 200, [['content-type', 'application/json'], ['content-length', String(text.length)], ...fields]);
    response.write(text.slice(0, text.length / 2), () => cut(response, behaviour.cut ?? 'reset'));
    return { status: 200, finished: false };
  }
  send_json(response, 200, text, fields);
  return { status: 200, finished: true };
}

async function stream(response, events, fields, behaviour) {
  head(response, 200, [['date', new Date().toUTCString()], ['content-type', 'text/event-stream; charset=utf-8'],
    ['cache-control', 'no-cache'], ...fields]);
  for (const [index, event] of events.entries()) {
    if (response.destroyed) return { status: 200, finished: false };
    if (index === behaviour.cut_after) {
      await cut(response, behaviour.cut ?? 'reset');
      return { status: 200, finished: false };
    }
    const text = behaviour.malformed === 'event' && index === 1 ? 'event: broken\ndata: {"unfinished":\n\n' : event;
    const flowing = response.write(text);
    if (!flowing) await new Promise((resume) => { response.once('drain', resume); response.once('close', resume); });
    if (behaviour.interval_ms) await pause(behaviour.interval_ms);
  }
  await new Promise((resume) => { response.once('close', resume); response.end(resume); });
  return { status: 200, finished: response.writableFinished !== false };
}
