import { request, segment } from './http'
import type { Page, PutVirtualKey, VirtualKey } from './types'

export function listVirtualKeys(cursor: string | null, signal?: AbortSignal): Promise<Page<VirtualKey>> {
  return request('GET', '/api/governance/virtual-keys', { query: { cursor }, signal })
}

export function deleteVirtualKey(id: string): Promise<void> {
  return request('DELETE', `/api/governance/virtual-keys/${segment(id)}`)
}

// Creates or changes; `key` is in the answer only when it was created.
export function putVirtualKey(id: string, body: PutVirtualKey): Promise<VirtualKey> {
  return request('PUT', `/api/governance/virtual-keys/${segment(id)}`, { body })
}
