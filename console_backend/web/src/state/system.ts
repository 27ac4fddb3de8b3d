import { useQuery } from '@tanstack/react-query'
import { listAdminActions, listGateways, readCertificateAuthority, readSettings } from '~/api/system'
import type { AdminAction, Gateway } from '~/api/types'
import { check_in_interval, usePages } from './pages'

export function useSettings() {
  return useQuery({ queryKey: ['settings'], queryFn: ({ signal }) => readSettings(signal) })
}

export function useGateways() {
  return usePages<Gateway>(['gateways', 'list'], (_cursor, signal) => listGateways(signal), {
    refetchInterval: check_in_interval,
  })
}

export function useCertificateAuthority() {
  return useQuery({ queryKey: ['ca'], queryFn: ({ signal }) => readCertificateAuthority(signal) })
}

export function useAdminActions() {
  return usePages<AdminAction>(['actions', 'list'], listAdminActions)
}
