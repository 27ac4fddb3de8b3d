import { ApiError, errorFromAnswer } from './error'

export type Query = Record<string, string | number | null | undefined>

export type RequestOptions = {
  creates?: boolean // fails with 409 when it is there already
  ifMatch?: string // fails with 409 when it is another one by now
  query?: Query
  body?: unknown
  signal?: AbortSignal | undefined
  deadlineMs?: number
}

// The path with its query; values that are empty or not given are left out.
export function urlOf(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    if (value !== null && value !== undefined && value !== '') parameters.set(name, String(value))
  const text = parameters.toString()
  return text === '' ? path : `${path}?${text}`
}

// One segment of a path, from data.
export function segment(text: string): string {
  return encodeURIComponent(text)
}

// Asks the console. Fails with ApiError only; an answer without a body gives undefined.
// `x-sluice-csrf` is what a changing request by session needs: no other site can send it without being allowed to.
export async function request<Answer>(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  { query, body, signal, creates = false, ifMatch, deadlineMs = 30_000 }: RequestOptions = {},
): Promise<Answer> {
  const deadline = AbortSignal.timeout(deadlineMs)
  const init: RequestInit = {
    method,
    credentials: 'same-origin',
    cache: 'no-store',
    redirect: 'error',
    headers: {
      accept: 'application/json',
      ...(method === 'GET' ? {} : { 'x-sluice-csrf': '1' }),
      ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
      ...(creates ? { 'if-none-match': '*' } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }
  let status: number
  let text: string
  let retryAfter: string | null
  try {
    const answer = await fetch(urlOf(path, query), init)
    status = answer.status
    retryAfter = answer.headers.get('retry-after')
    text = await answer.text()
  } catch (error) {
    if (signal?.aborted) throw error
    throw deadline.aborted
      ? new ApiError(0, 'timed_out', `The console did not answer within ${deadlineMs / 1000} seconds`)
      : new ApiError(0, 'connection_failed', 'The console cannot be reached')
  }
  if (status >= 400) throw errorFromAnswer(status, text, retryAfter)
  if (text === '') return undefined as Answer
  try {
    return JSON.parse(text) as Answer
  } catch {
    throw new ApiError(status, 'unexpected_answer', 'The console answered with something that is not JSON')
  }
}
