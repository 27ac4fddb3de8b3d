import { useQueryClient } from '@tanstack/react-query'
import { createContext, useContext, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react'
import { openLive } from '~/api/live'
import type { LiveTopic } from '~/api/types'
import { LiveFeed, type LiveStatus } from './live_feed'
import { session_key } from './session'

const Feed = createContext<LiveFeed | null>(null)

// Opens the live stream while it is shown: everything inside it stays current without reload. The first part of every
// query's key is the topic which makes it old.
export function Live({ children }: { children: ReactNode }) {
  const queries = useQueryClient()
  const [feed] = useState(
    () =>
      new LiveFeed({
        open: openLive,
        schedule: (ms, action) => {
          const timer = setTimeout(action, ms)
          return () => clearTimeout(timer)
        },
        now: Date.now,
        random: Math.random,
        refresh: async (topics) => {
          await Promise.all(topics.map((topic) => queries.invalidateQueries({ queryKey: [topic] })))
        },
        lost: () => void queries.invalidateQueries({ queryKey: session_key }),
      }),
  )
  useEffect(() => {
    const online = () => feed.retryNow()
    feed.start()
    window.addEventListener('online', online)
    return () => {
      window.removeEventListener('online', online)
      feed.stop()
    }
  }, [feed])
  return <Feed value={feed}>{children}</Feed>
}

function useFeed(): LiveFeed {
  const feed = useContext(Feed)
  if (feed === null) throw new Error('used outside of Live')
  return feed
}

export function useLiveStatus(): LiveStatus & { retryNow: () => void } {
  const feed = useFeed()
  const status = useSyncExternalStore(feed.subscribe, feed.status)
  return { ...status, retryNow: () => feed.retryNow() }
}

// Holds back the refreshes of a topic while `paused`, and as long as the caller is shown.
export function usePausedTopic(topic: LiveTopic, paused: boolean): void {
  const feed = useFeed()
  useEffect(() => {
    if (!paused) return
    feed.pause(topic)
    return () => feed.resume(topic)
  }, [feed, topic, paused])
}
