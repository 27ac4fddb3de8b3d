// A small HTTPS client for the console of a test, whose certificate nobody vouches for.
import { request } from 'node:https'

// options: { headers, body (an object), identity: { key, cert } }. Resolves to { status, headers, body }.
export function https(method, url, { headers = {}, body, identity = {} } = {}) {
  const text = body === undefined ? undefined : JSON.stringify(body)
  const fields = text === undefined ? headers : { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
  return new Promise((resolve, reject) => {
    const call = request(url, { method, headers: fields, rejectUnauthorized: false, ...identity }, async (answer) => {
      const parts = []
      for await (const part of answer) parts.push(part)
      const said = Buffer.concat(parts).toString('utf8')
      const json = (answer.headers['content-type'] ?? '').startsWith('application/json')
      resolve({ status: answer.statusCode, headers: answer.headers, body: json ? JSON.parse(said) : said })
    })
    call.on('error', reject)
    call.end(text)
  })
}
