import { request, segment } from './http'
import type { AppFilters, AppPage, DecideApp, DecideApps } from './types'

export function listApps(filters: AppFilters, cursor: string | null, signal?: AbortSignal): Promise<AppPage> {
  return request('GET', '/api/catalog/apps', { query: { ...filters, cursor }, signal })
}

export function decideApp(app: string, body: DecideApp): Promise<void> {
  return request('PUT', `/api/catalog/apps/${segment(app)}/decision`, { body })
}

export function decideApps(body: DecideApps): Promise<void> {
  return request('POST', '/api/catalog/apps/decisions', { body })
}

export function removeDeviceDecision(app: string, device_id: string): Promise<void> {
  return request('DELETE', `/api/catalog/apps/${segment(app)}/decision`, { query: { device_id } })
}
