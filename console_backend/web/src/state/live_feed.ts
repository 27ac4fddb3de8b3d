// Keeps the live stream open and turns what it says into refreshes. No timer, browser or React of its own: what it needs
// is given to it, so that every sequence can be tested.
//
// Refreshes never overlap and start at least `gapMs` apart. Without that, a busy fleet would have each change cancel the
// refresh before it, and a page would show nothing new until the traffic ends.
import type { LiveListener } from '~/api/live'
import type { LiveTopic } from '~/api/types'

export type LiveStatus = { kind: 'connecting' } | { kind: 'live' } | { kind: 'lost'; retryAt: number }

export type LiveWorld = {
  open: (listener: LiveListener) => () => void
  // Runs `action` after `ms` and returns what cancels it.
  schedule: (ms: number, action: () => void) => () => void
  now: () => number
  // A number in [0, 1): spreads the retries of many browsers after the console was away.
  random: () => number
  // Asks again for what is shown of these topics. Does not fail.
  refresh: (topics: LiveTopic[]) => Promise<void>
  // The stream ended; the session may be over.
  lost: () => void
}

export const gapMs = 500
const firstRetryMs = 1_000
const longestRetryMs = 30_000

// How long to wait before the next attempt, after `failures` failed ones (1 or more).
export function retryDelay(failures: number, random: number): number {
  const full = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(failures - 1, 10))
  return Math.round(full * (0.75 + random * 0.25))
}

export class LiveFeed {
  readonly #world: LiveWorld
  readonly #listeners = new Set<() => void>()
  #status: LiveStatus = { kind: 'connecting' }
  #close: (() => void) | null = null
  #cancelRetry: (() => void) | null = null
  #cancelGap: (() => void) | null = null
  #failures = 0
  #refreshing = false
  readonly #waiting = new Set<LiveTopic>()
  readonly #paused = new Set<LiveTopic>()

  constructor(world: LiveWorld) {
    this.#world = world
  }

  readonly status = (): LiveStatus => this.#status

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  start(): void {
    if (this.#close !== null || this.#cancelRetry !== null) return
    this.#close = this.#world.open({
      opened: () => {
        this.#failures = 0
        this.#become({ kind: 'live' })
      },
      changed: (topics) => this.#changed(topics),
      lost: () => this.#lost(),
    })
  }

  stop(): void {
    this.#close?.()
    this.#cancelRetry?.()
    this.#cancelGap?.()
    this.#close = this.#cancelRetry = this.#cancelGap = null
    this.#waiting.clear()
    this.#become({ kind: 'connecting' })
  }

  // Does not wait for the next attempt: the person asked, or the network came back.
  retryNow(): void {
    if (this.#cancelRetry === null) return
    this.#cancelRetry()
    this.#cancelRetry = null
    this.start()
  }

  // Changes of a paused topic are kept until it is resumed.
  pause(topic: LiveTopic): void {
    this.#paused.add(topic)
  }

  resume(topic: LiveTopic): void {
    this.#paused.delete(topic)
    this.#flush()
  }

  #become(status: LiveStatus): void {
    this.#status = status
    for (const listener of this.#listeners) listener()
  }

  #lost(): void {
    this.#close = null
    this.#failures += 1
    const delay = retryDelay(this.#failures, this.#world.random())
    this.#cancelRetry = this.#world.schedule(delay, () => {
      this.#cancelRetry = null
      this.start()
    })
    this.#become({ kind: 'lost', retryAt: this.#world.now() + delay })
    this.#world.lost()
  }

  #changed(topics: LiveTopic[]): void {
    for (const topic of topics) this.#waiting.add(topic)
    this.#flush()
  }

  #flush(): void {
    if (this.#refreshing || this.#cancelGap !== null) return
    const topics = [...this.#waiting].filter((topic) => !this.#paused.has(topic))
    if (topics.length === 0) return
    for (const topic of topics) this.#waiting.delete(topic)
    this.#refreshing = true
    void this.#world.refresh(topics).then(() => {
      this.#refreshing = false
      this.#cancelGap = this.#world.schedule(gapMs, () => {
        this.#cancelGap = null
        this.#flush()
      })
    })
  }
}
