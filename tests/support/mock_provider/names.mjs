// A name server for the lab's internet: every name has an address of its own in 198.18.0.0/15 (RFC 2544's range, so
// never a real host), except the names that were given. Only A is answered; AAAA gets an empty answer, which makes
// clients use IPv4 without waiting.
import crypto from 'node:crypto';
import dgram from 'node:dgram';

export function address_of(name) {
  const digest = crypto.createHash('sha256').update(name.toLowerCase()).digest();
  // 198.18.0.x stays free for the lab's own services.
  return [198, 18 + (digest[0] & 1), 1 + (digest[1] % 254), 1 + (digest[2] % 254)].join('.');
}

function question_of(packet) {
  const labels = [];
  let at = 12;
  for (;;) {
    const length = packet[at];
    if (length === undefined || length > 63) return null;
    at += 1;
    if (length === 0) break;
    labels.push(packet.subarray(at, at + length).toString('latin1'));
    at += length;
  }
  if (at + 4 > packet.length) return null;
  return { name: labels.join('.').toLowerCase(), type: packet.readUInt16BE(at), end: at + 4 };
}

function reply_to(packet, given) {
  const question = packet.length < 17 ? null : question_of(packet);
  if (!question) return null;
  const answers = question.type === 1 ? 1 : 0;
  const head = Buffer.alloc(12);
  packet.copy(head, 0, 0, 2);
  head.writeUInt16BE(0x8180, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(answers, 6);
  const parts = [head, packet.subarray(12, question.end)];
  if (answers) {
    const address = given.get(question.name) ?? address_of(question.name);
    parts.push(Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 30, 0, 4, ...address.split('.').map(Number)]));
  }
  return Buffer.concat(parts);
}

// `given`: Map name -> address. Resolves when the socket is bound.
export function serve_names(address, given) {
  const socket = dgram.createSocket('udp4');
  socket.on('message', (packet, peer) => {
    const reply = reply_to(packet, given);
    if (reply) socket.send(reply, peer.port, peer.address);
  });
  return new Promise((ready, failed) => {
    socket.once('error', failed);
    socket.bind(53, address, () => ready(socket));
  });
}
