import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { createApiToken, deleteApiToken, listApiTokens } from '~/api/api_tokens'
import { createEnrolmentToken, deleteEnrolmentToken, listEnrolmentTokens } from '~/api/enrolment_tokens'
import { deleteProvider, listProviders, putProvider } from '~/api/providers'
import type { ApiToken, EnrolmentToken, Provider, PutProvider, PutVirtualKey, VirtualKey } from '~/api/types'
import { deleteVirtualKey, listVirtualKeys, putVirtualKey } from '~/api/virtual_keys'
import { usePages } from './pages'

// Each change makes the lists of one topic old.
function useChange<Input, Answer>(topic: string, change: (input: Input) => Promise<Answer>) {
  const queries = useQueryClient()
  return useMutation({ mutationFn: change, onSuccess: () => queries.invalidateQueries({ queryKey: [topic] }) })
}

export function useVirtualKeys() {
  return usePages<VirtualKey>(['keys', 'list'], listVirtualKeys)
}

export function usePutVirtualKey() {
  return useChange('keys', ({ id, body }: { id: string; body: PutVirtualKey }) => putVirtualKey(id, body))
}

export function useDeleteVirtualKey() {
  return useChange('keys', deleteVirtualKey)
}

export function useProviders() {
  return usePages<Provider>(['providers', 'list'], (_cursor, signal) => listProviders(signal))
}

export function useProviderNames(): string[] {
  const { data } = useQuery({ queryKey: ['providers', 'names'], queryFn: ({ signal }) => listProviders(signal) })
  return data?.items.map((item) => item.provider) ?? []
}

export function usePutProvider() {
  return useChange('providers', ({ name, body }: { name: string; body: PutProvider }) => putProvider(name, body))
}

export function useDeleteProvider() {
  return useChange('providers', deleteProvider)
}

export function useEnrolmentTokens() {
  return usePages<EnrolmentToken>(['tokens', 'enrolment'], listEnrolmentTokens)
}

export function useCreateEnrolmentToken() {
  return useChange('tokens', createEnrolmentToken)
}

export function useDeleteEnrolmentToken() {
  return useChange('tokens', deleteEnrolmentToken)
}

export function useApiTokens() {
  return usePages<ApiToken>(['tokens', 'api'], listApiTokens)
}

export function useCreateApiToken() {
  return useChange('tokens', createApiToken)
}

export function useDeleteApiToken() {
  return useChange('tokens', deleteApiToken)
}
