import { describe, expect, it } from 'vitest'
import { readSignInSearch } from '~/app/search'
import { errorFromAnswer } from './error'
import { urlOf } from './http'
import { topicsOf } from './live'

describe('an error answer', () => {
  it('gives code, message and field', () => {
    const body = '{"error":{"code":"invalid_argument","message":"note is too long","field":"note"}}'
    expect(errorFromAnswer(400, body, null)).toMatchObject({
      status: 400,
      code: 'invalid_argument',
      message: 'note is too long',
      field: 'note',
    })
  })

  it('gives a sentence even when something in between answered', () => {
    for (const body of ['', '<html>Bad gateway</html>', 'null', '[]', '{"error":"no"}'])
      expect(errorFromAnswer(502, body, null)).toMatchObject({
        code: 'unexpected_answer',
        message: 'The console answered with status 502',
        passing: true,
      })
  })

  it('gives the seconds to wait', () => {
    expect(errorFromAnswer(429, '', '17').retryAfterSeconds).toBe(17)
    expect(errorFromAnswer(429, '', 'Fri, 31 Jan 2026 12:00:00 GMT').retryAfterSeconds).toBeNull()
  })
})

describe('a query', () => {
  it('leaves out what is not given and escapes the rest', () => {
    expect(urlOf('/api/logs', { q: 'a&b=c', app: undefined, cursor: null, model: '' })).toBe('/api/logs?q=a%26b%3Dc')
    expect(urlOf('/api/logs')).toBe('/api/logs')
  })
})

describe('a change that the live stream tells', () => {
  it('names the topics that this version knows', () => {
    expect(topicsOf('{"topics":["logs","weather"],"version":3}')).toEqual(['logs'])
  })

  it('counts as every topic when it cannot be read', () => {
    expect(topicsOf('?')).toHaveLength(9)
  })
})

describe('the page to go to after signing in', () => {
  it('is never another site', () => {
    expect(readSignInSearch({ next: '/logs?app=codex' })).toEqual({ next: '/logs?app=codex' })
    for (const next of ['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)'])
      expect(readSignInSearch({ next })).toEqual({})
  })
})
