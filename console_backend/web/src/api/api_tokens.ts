import { request, segment } from './http'
import type { ApiToken, ApiTokenCreated, Page } from './types'

export function listApiTokens(cursor: string | null, signal?: AbortSignal): Promise<Page<ApiToken>> {
  return request('GET', '/api/api-tokens', { query: { cursor }, signal })
}

export function createApiToken(name: string): Promise<ApiTokenCreated> {
  return request('POST', '/api/api-tokens', { body: { name } })
}

export function deleteApiToken(id: string): Promise<void> {
  return request('DELETE', `/api/api-tokens/${segment(id)}`)
}
