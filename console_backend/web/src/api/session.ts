import { ApiError } from './error'
import { request } from './http'
import type { Credentials, Session } from './types'

// Null when nobody is signed in.
export async function readSession(signal?: AbortSignal): Promise<Session | null> {
  try {
    return await request<Session>('GET', '/api/session', { signal })
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null
    throw error
  }
}

export function signIn(body: Credentials): Promise<void> {
  return request('POST', '/api/session', { body })
}

export function signOut(): Promise<void> {
  return request('DELETE', '/api/session')
}
