// A console for the tests of the pages: it answers with the examples of openapi.yaml and holds every request and answer
// against that file. A test may put an answer of its own in place of an example, and tells changes through the live stream.
import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { example, faults, json_schema_of, operation_of, resolve } from './openapi.mjs'

export const dist = fileURLToPath(new URL('../../../console_backend/web/dist', import.meta.url))

// The policy that the console sends with the page; the browser enforces it in every test.
export const content_security_policy =
  "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"

const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }

export class StandIn {
  #answers = new Map()
  #streams = new Set()
  #waiting = []
  #server = createServer((request, response) => {
    this.#serve(request, response).catch((error) => {
      this.violations.push(String(error?.stack ?? error))
      response.writeHead(500).end()
    })
  })
  // Requests that changed something: { id, path, body }.
  changes = []
  // Requests to the API in order: 'GET /api/logs?app=codex'.
  requests = []
  // Where a request or an answer did not fit openapi.yaml.
  violations = []
  signed_in = true
  live_down = false

  static async start() {
    const server = new StandIn()
    await new Promise((ready) => server.#server.listen(0, '127.0.0.1', ready))
    server.origin = `http://127.0.0.1:${server.#server.address().port}`
    return server
  }

  async stop() {
    this.#server.closeAllConnections()
    await new Promise((ended) => this.#server.close(ended))
  }

  // Answers the operation with `value`: an object, or a function of { url, params, body } giving one or
  // { status, body }. Undefined goes back to the example.
  answer(id, value) {
    if (value === undefined) this.#answers.delete(id)
    else this.#answers.set(id, value)
  }

  fail(id, status, error) {
    this.answer(id, () => ({ status, body: { error } }))
  }

  tell(...topics) {
    for (const stream of this.#streams) stream.write(`event: change\ndata: ${JSON.stringify({ topics, version: 42 })}\n\n`)
  }

  cut_live() {
    this.live_down = true
    for (const stream of this.#streams) stream.destroy()
  }

  // The next request from now on that starts with `text`, as 'GET /api/logs'.
  next(text) {
    return new Promise((found) => this.#waiting.push({ text, found }))
  }

  #note(line) {
    this.requests.push(line)
    const fits = (one) => line.startsWith(one.text)
    for (const one of this.#waiting.filter(fits)) one.found(line)
    this.#waiting = this.#waiting.filter((one) => !fits(one))
  }

  async #serve(request, response) {
    const url = new URL(request.url, this.origin)
    if (!url.pathname.startsWith('/api/')) return this.#file(url.pathname, response)
    this.#note(`${request.method} ${url.pathname}${url.search}`)
    const op = operation_of(request.method, url.pathname)
    if (op === undefined) throw new Error(`openapi.yaml has no ${request.method} ${url.pathname}`)
    const body = await read_json(request)
    this.#check_request(op, url, body, request)
    if (op.id === 'live') return this.#live(response)
    const params = op.pattern.exec(url.pathname).slice(1).map(decodeURIComponent)
    const { status, answer } = this.#answer_of(op, { url, params, body })
    if (request.method !== 'GET') this.changes.push({ id: op.id, path: url.pathname, query: url.search, body })
    this.#send(op, status, answer, response)
  }

  #answer_of(op, context) {
    const open = op.spec.security !== undefined && op.spec.security.length === 0
    if (!this.signed_in && !open)
      return { status: 401, answer: { error: { code: 'unauthenticated', message: 'No valid credential was given' } } }
    const own = this.#answers.get(op.id)
    const made = typeof own === 'function' ? own(context) : own
    if (made?.status !== undefined && made.body !== undefined) return { status: made.status, answer: made.body }
    const status = made_status(op)
    if (op.id === 'sign_in') this.signed_in = true
    if (op.id === 'sign_out') this.signed_in = false
    return { status, answer: status === 204 ? undefined : (made ?? example(op.id, status)) }
  }

  #check_request(op, url, body, request) {
    const known = op.spec.parameters.filter((one) => one.in === 'query')
    for (const [name, value] of url.searchParams) {
      const parameter = known.find((one) => one.name === name)
      const schema = resolve(parameter?.schema ?? {})
      const typed = schema.type === 'integer' ? Number(value) : value
      if (parameter === undefined) this.violations.push(`${op.id}: query parameter ${name} is not known`)
      else this.violations.push(...faults(schema, typed, `${op.id}?${name}`))
    }
    const schema = op.spec.requestBody?.content['application/json'].schema
    if (schema !== undefined) this.violations.push(...faults(schema, body, `${op.id} body`))
    else if (body !== undefined) this.violations.push(`${op.id}: a body was sent and none is known`)
    if (request.method !== 'GET' && request.headers['x-sluice-csrf'] !== '1')
      this.violations.push(`${op.id}: x-sluice-csrf is missing`)
    if (request.method !== 'GET' && request.headers.origin !== this.origin)
      this.violations.push(`${op.id}: the origin is ${request.headers.origin}`)
  }

  #send(op, status, answer, response) {
    if (answer === undefined) return response.writeHead(status).end()
    const schema = json_schema_of(op, status)
    if (schema !== undefined) this.violations.push(...faults(schema, answer, `${op.id} answer`))
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  }

  #live(response) {
    if (this.live_down) return response.writeHead(503).end()
    if (!this.signed_in) return response.writeHead(401).end()
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    this.#streams.add(response)
    response.on('close', () => this.#streams.delete(response))
    const topics = ['devices', 'apps', 'logs', 'keys', 'providers', 'tokens', 'gateways', 'actions']
    response.write(`event: change\ndata: ${JSON.stringify({ topics, version: 41 })}\n\n`)
  }

  // Files of the built page; any other path is the page itself, which knows its own routes.
  async #file(path, response) {
    const name = extname(path) === '' ? '/index.html' : normalize(path)
    const text = await readFile(join(dist, name)).catch(() => undefined)
    if (text === undefined) return response.writeHead(404).end()
    response.writeHead(200, {
      'content-type': types[extname(name)] ?? 'application/octet-stream',
      'content-security-policy': content_security_policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    })
    response.end(text)
  }
}

// What the operation answers when all is well; a PUT that may create is taken to have changed something.
function made_status(op) {
  return [200, 201, 204].find((code) => op.spec.responses[code] !== undefined)
}

async function read_json(request) {
  const parts = []
  for await (const part of request) parts.push(part)
  const text = Buffer.concat(parts).toString('utf8')
  return text === '' ? undefined : JSON.parse(text)
}
