// The provider's own record: JSON lines, written before anything a client could notice, so that a line is never
// behind what was answered. Kinds of line:
//   request   one per HTTP request whose head arrived: time, id (the vendor's request id that the answer carries),
//             complete (false when the sender went away within the body), connection, peer, sni, host, method, path,
//             headers as [name, value] pairs in the order received, x_request_id as received, body_sha256, body_bytes
//   response  how it ended: id, status, usage, finished (false when the peer left or the provider cut it)
//   handshake_failed  a TLS handshake that did not end: sni, error
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

export class Record {
  constructor(file, bodies) {
    this.descriptor = file ? fs.openSync(file, 'a') : 1;
    this.bodies = bodies;
    if (bodies) fs.mkdirSync(bodies, { recursive: true });
  }

  line(event, fields) {
    fs.writeSync(this.descriptor, `${JSON.stringify({ event, time: new Date().toISOString(), ...fields })}\n`);
  }

  request(request, body, complete) {
    if (this.bodies) fs.writeFileSync(path.join(this.bodies, request.id), body);
    this.line('request', {
      id: request.id, complete, connection: request.connection, peer: request.peer, sni: request.sni, host: request.host,
      http: request.http, method: request.method, path: request.path, headers: request.fields,
      x_request_id: request.headers['x-request-id'] ?? null,
      body_sha256: crypto.createHash('sha256').update(body).digest('hex'), body_bytes: body.length,
    });
  }
}
