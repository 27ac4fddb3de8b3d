import { QueryCache, QueryClient } from '@tanstack/react-query'
import { asApiError } from '~/api/error'
import { session_key } from './session'

// A 401 anywhere means that the session is over: the page goes to the sign-in form by way of the session's query.
export function makeQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (asApiError(error).status === 401) client.setQueryData(session_key, null)
      },
    }),
    defaultOptions: {
      queries: {
        // The live stream says when something is old; looking away and back is no reason to ask again.
        staleTime: 60_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 1 && asApiError(error).passing,
        retryDelay: 500,
      },
    },
  })
  return client
}
