import { request } from './http'
import type { AdminAction, CertificateAuthority, Gateway, Page, Settings } from './types'

export function readSettings(signal?: AbortSignal): Promise<Settings> {
  return request('GET', '/api/settings', { signal })
}

export function listGateways(signal?: AbortSignal): Promise<Page<Gateway>> {
  return request('GET', '/api/gateways', { signal })
}

export function readCertificateAuthority(signal?: AbortSignal): Promise<CertificateAuthority> {
  return request('GET', '/api/ca', { signal })
}

export function listAdminActions(cursor: string | null, signal?: AbortSignal): Promise<Page<AdminAction>> {
  return request('GET', '/api/audit', { query: { cursor }, signal })
}
