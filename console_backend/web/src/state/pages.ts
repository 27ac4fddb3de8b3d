// Lists that come page by page.
import { useInfiniteQuery, type InfiniteData, type QueryKey } from '@tanstack/react-query'
import type { Page } from '~/api/types'

// What a list view needs to draw each of loading, empty, error and data.
export type List<Item> = {
  items: Item[]
  loading: boolean
  error: Error | null
  // Set while rows of a former answer are shown though the newest one failed.
  stale: boolean
  more: boolean
  loadingMore: boolean
  loadMore: () => void
  retry: () => void
}

// Check-ins are too frequent to be told one by one; what shows the time of the last one asks again this often.
export const check_in_interval = 30_000

// After a change every page that is shown is asked for again, in order, so that no row is missing or doubled where two
// pages meet.
export function usePages<Item, Answer extends Page<Item> = Page<Item>>(
  key: QueryKey,
  fetchPage: (cursor: string | null, signal: AbortSignal) => Promise<Answer>,
  { refetchInterval = false }: { refetchInterval?: number | false } = {},
): List<Item> & { pages: Answer[] } {
  const query = useInfiniteQuery<Answer, Error, InfiniteData<Answer, string | null>, QueryKey, string | null>({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => fetchPage(pageParam, signal),
    initialPageParam: null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: (before) => before,
    refetchInterval,
  })
  const pages = query.data?.pages ?? []
  return {
    pages,
    items: pages.flatMap((page) => page.items),
    loading: query.isPending,
    error: query.error,
    stale: query.error !== null && pages.length > 0,
    more: query.hasNextPage,
    loadingMore: query.isFetchingNextPage,
    loadMore: () => void query.fetchNextPage(),
    retry: () => void query.refetch(),
  }
}
