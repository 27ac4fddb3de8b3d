import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { listDevices, readDevice, revokeDevice } from '~/api/devices'
import type { Device, DeviceFilters } from '~/api/types'
import { check_in_interval, usePages } from './pages'

export function useDevices(filters: DeviceFilters) {
  return usePages<Device>(['devices', 'list', filters], (cursor, signal) => listDevices(filters, cursor, signal), {
    refetchInterval: check_in_interval,
  })
}

export function useDevice(id: string) {
  return useQuery({
    queryKey: ['devices', 'one', id],
    queryFn: ({ signal }) => readDevice(id, signal),
    refetchInterval: check_in_interval,
  })
}

export function useRevokeDevice() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ id, note }: { id: string; note: string }) => revokeDevice(id, note),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['devices'] }),
  })
}
