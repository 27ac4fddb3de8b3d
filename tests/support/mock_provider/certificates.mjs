// The "public" certificate authority of a lab's internet: a root made on first use and one leaf per server name.
// Needs the openssl program; keys stay in the folder that the caller names.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';

const CURVE = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc'];
const YEAR_FROM_NOW = '365';

function openssl(args) {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

export class PublicAuthority {
  constructor(folder) {
    this.folder = folder;
    this.certificate = path.join(folder, 'public-ca.crt');
    this.key = path.join(folder, 'public-ca.key');
    this.contexts = new Map();
    fs.mkdirSync(path.join(folder, 'leaves'), { recursive: true });
    if (!fs.existsSync(this.certificate)) this.#create();
  }

  // The secure context for a server name; the leaf is made once and kept on disk, so that a restarted provider
  // shows the same certificate.
  context(server_name) {
    const host = (server_name || 'unnamed.invalid').toLowerCase();
    if (!/^[a-z0-9._:-]{1,253}$/.test(host)) throw new Error('unusable server name');
    const known = this.contexts.get(host);
    if (known) return known;
    const context = tls.createSecureContext(this.credentials(host));
    this.contexts.set(host, context);
    return context;
  }

  credentials(host) {
    const base = path.join(this.folder, 'leaves', host);
    if (!fs.existsSync(`${base}.crt`)) this.#sign(host, base);
    return { key: fs.readFileSync(`${base}.key`), cert: fs.readFileSync(`${base}.crt`) };
  }

  #create() {
    openssl(['req', '-x509', ...CURVE, '-keyout', this.key, '-out', `${this.certificate}.new`, '-days', YEAR_FROM_NOW,
      '-subj', '/O=Lab Public Trust/CN=Lab Public Root', '-addext', 'basicConstraints=critical,CA:TRUE',
      '-addext', 'keyUsage=critical,keyCertSign,cRLSign']);
    fs.renameSync(`${this.certificate}.new`, this.certificate);
  }

  #sign(host, base) {
    const name = net.isIP(host) ? `IP:${host}` : `DNS:${host}`;
    openssl(['req', '-x509', '-CA', this.certificate, '-CAkey', this.key, ...CURVE, '-keyout', `${base}.key`,
      '-out', `${base}.new`, '-days', '90', '-subj', `/O=Lab Internet/CN=${host.slice(0, 60)}`,
      '-addext', `subjectAltName=${name}`, '-addext', 'basicConstraints=critical,CA:FALSE',
      '-addext', 'keyUsage=critical,digitalSignature', '-addext', 'extendedKeyUsage=serverAuth']);
    fs.renameSync(`${base}.new`, `${base}.crt`);
  }
}
