import { useQuery } from '@tanstack/react-query'
import { exportUrl, listLogs, readLog } from '~/api/logs'
import type { LogRow } from '~/api/types'
import { filtersOf, type LogSearch } from '~/words/log_search'
import { usePages } from './pages'

// A relative range ("last hour") is resolved at each request, so that a live list moves on with the clock.
export function useLogs(search: LogSearch) {
  return usePages<LogRow>(['logs', 'list', search], (cursor, signal) =>
    listLogs(filtersOf(search, Date.now()), cursor, signal),
  )
}

export function useLog(requestId: string) {
  return useQuery({ queryKey: ['logs', 'one', requestId], queryFn: ({ signal }) => readLog(requestId, signal) })
}

export function logExportUrl(search: LogSearch, format: 'csv' | 'json'): string {
  return exportUrl(filtersOf(search, Date.now()), format)
}
