import { request, segment } from './http'
import type { Device, DeviceDetail, DeviceFilters, Page } from './types'

export function listDevices(filters: DeviceFilters, cursor: string | null, signal?: AbortSignal): Promise<Page<Device>> {
  return request('GET', '/api/devices', { query: { ...filters, cursor }, signal })
}

export function readDevice(id: string, signal?: AbortSignal): Promise<DeviceDetail> {
  return request('GET', `/api/devices/${segment(id)}`, { signal })
}

export function revokeDevice(id: string, note: string): Promise<void> {
  return request('POST', `/api/devices/${segment(id)}/revoke`, { body: { note } })
}
