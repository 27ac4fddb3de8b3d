import { request, segment, urlOf } from './http'
import type { LogFilters, LogRow, Page } from './types'

export function listLogs(filters: LogFilters, cursor: string | null, signal?: AbortSignal): Promise<Page<LogRow>> {
  return request('GET', '/api/logs', { query: { ...filters, cursor }, signal })
}

export function readLog(requestId: string, signal?: AbortSignal): Promise<LogRow> {
  return request('GET', `/api/logs/${segment(requestId)}`, { signal })
}

// Where the browser downloads every row that the filters select.
export function exportUrl(filters: LogFilters, format: 'csv' | 'json'): string {
  return urlOf('/api/logs', { ...filters, format })
}
