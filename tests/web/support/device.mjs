// A device as the console sees it: enrols, reports its inventory, sends audit records, waits for the policy.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { https } from './https.mjs'

const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts.map((part) => Buffer.from(part)))).digest()

export class Device {
  #sequence = 0
  #previous

  static async enrol(console_program, token, hostname) {
    const it = new Device()
    it.base = `https://localhost:${console_program.devices_port}`
    const key_file = join(console_program.folder, `${hostname}.key`)
    const csr = execFileSync('openssl', ['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
      '-keyout', key_file, '-subj', `/CN=${hostname}`], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }) // prettier-ignore
    const about = { hostname, platform: 'linux', os_version: 'Debian GNU/Linux 12', agent_version: '0.1.0' }
    const { status, body } = await https('POST', `${it.base}/edge/v1/enrol`, { body: { token, csr, ...about } })
    assert.equal(status, 201, JSON.stringify(body))
    it.id = body.device_id
    it.hostname = hostname
    it.identity = { key: readFileSync(key_file), cert: body.certificate }
    it.#previous = sha256(`sluice.audit.v1\n${it.id}`)
    return it
  }

  async #post(path, body) {
    const answer = await https('POST', this.base + path, { body, identity: this.identity })
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
    return answer.body
  }

  inventory(apps) {
    return this.#post('/edge/v1/inventory', {
      hostname: this.hostname,
      os_version: 'Debian GNU/Linux 12',
      agent_version: '0.1.0',
      capture: { state: 'capturing', detail: '' },
      apps,
      counters: { intercepted: 3, spliced: 40, refused: 1, broken: 0 },
    })
  }

  // The policy in force; with the version that is known, the answer comes when there is a newer one.
  async policy(known) {
    const headers = known === undefined ? {} : { 'if-none-match': known }
    const url = `${this.base}/edge/v1/snapshot?wait=${known === undefined ? 0 : 25}`
    const answer = await https('GET', url, { headers, identity: this.identity })
    assert.equal(answer.status, 200)
    return { etag: answer.headers.etag, ...JSON.parse(Buffer.from(answer.body.payload, 'base64')) }
  }

  // Sends the record of a request that was refused on the device, chained as libs/audit/chain.h says.
  async refuse(request_id, app, reason) {
    this.#sequence += 1
    const time = new Date().toISOString()
    const head = { type: 'refusal', origin: this.id, sequence: this.#sequence, time, request_id, client_request_id: '' }
    const personal = { device: this.id, user: 'ada' }
    const rest = {
      app, app_version: '1.0.0', virtual_key: '', provider: 'openai', model: 'gpt-5-mini', dialect: 'openai',
      operation: 'responses', streamed: true, host: 'api.openai.com', path: '/v1/responses', decision: 'denied', reason,
      status: 400, upstream_request_id: '', tokens: { input: 0, output: 0, cache_read: 0, cache_write: 0 },
      cost_nanodollars: 0, latency_us: 391, overhead_us: 0, attempts: 0, guardrails: [],
    } // prettier-ignore
    const salt = randomBytes(16)
    const digest = sha256(salt, JSON.stringify(personal))
    const hash = sha256(this.#previous, JSON.stringify({ ...head, ...rest }), digest)
    const hex = { salt: salt.toString('hex'), personal: digest.toString('hex') }
    const links = { previous: this.#previous.toString('hex'), hash: hash.toString('hex') }
    this.#previous = hash
    const record = { record: { ...head, ...personal, ...rest }, ...hex, ...links }
    const { accepted_through } = await this.#post('/edge/v1/events', { origin: this.id, records: [record] })
    assert.equal(accepted_through, this.#sequence)
  }
}
