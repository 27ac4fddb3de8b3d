import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { readSession, signIn, signOut } from '~/api/session'

export const session_key = ['session'] as const

export function useSession() {
  return useQuery({ queryKey: session_key, queryFn: ({ signal }) => readSession(signal), staleTime: Infinity })
}

export function useSignIn() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: signIn,
    onSuccess: () => queries.query({ queryKey: session_key, queryFn: () => readSession(), staleTime: 0 }),
  })
}

// Forgets everything that was read: the next person at this browser must not see it.
export function useSignOut() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: signOut,
    onSuccess: () => {
      queries.removeQueries({ predicate: (query) => query.queryKey[0] !== session_key[0] })
      queries.setQueryData(session_key, null)
    },
  })
}
