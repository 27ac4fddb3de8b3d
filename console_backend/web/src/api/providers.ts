import { request, segment } from './http'
import type { Page, Provider, PutProvider } from './types'

export function listProviders(signal?: AbortSignal): Promise<Page<Provider>> {
  return request('GET', '/api/providers', { signal })
}

export function putProvider(provider: string, body: PutProvider): Promise<Provider> {
  return request('PUT', `/api/providers/${segment(provider)}`, { body })
}

export function deleteProvider(provider: string): Promise<void> {
  return request('DELETE', `/api/providers/${segment(provider)}`)
}
