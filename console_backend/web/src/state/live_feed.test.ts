import { beforeEach, describe, expect, it } from 'vitest'
import type { LiveListener } from '~/api/live'
import type { LiveTopic } from '~/api/types'
import { gapMs, LiveFeed, retryDelay } from './live_feed'

// A world whose clock moves only when told.
class World {
  time = 0
  timers: { at: number; action: () => void }[] = []
  streams: LiveListener[] = []
  closed = 0
  refreshed: LiveTopic[][] = []
  sessionChecks = 0
  finish: (() => void)[] = []

  readonly feed = new LiveFeed({
    open: (listener) => {
      this.streams.push(listener)
      return () => (this.closed += 1)
    },
    schedule: (ms, action) => {
      const timer = { at: this.time + ms, action }
      this.timers.push(timer)
      return () => (this.timers = this.timers.filter((one) => one !== timer))
    },
    now: () => this.time,
    random: () => 1,
    refresh: (topics) => {
      this.refreshed.push(topics)
      return new Promise((resolve) => this.finish.push(resolve))
    },
    lost: () => (this.sessionChecks += 1),
  })

  get stream(): LiveListener {
    const last = this.streams.at(-1)
    if (last === undefined) throw new Error('no stream was opened')
    return last
  }

  pass(ms: number): void {
    this.time += ms
    const due = this.timers.filter((timer) => timer.at <= this.time)
    this.timers = this.timers.filter((timer) => timer.at > this.time)
    for (const timer of due) timer.action()
  }

  async refreshEnds(): Promise<void> {
    this.finish.shift()?.()
    await Promise.resolve()
  }
}

let world: World
beforeEach(() => {
  world = new World()
  world.feed.start()
})

describe('the connection', () => {
  it('is live once the stream is open', () => {
    expect(world.feed.status().kind).toBe('connecting')
    world.stream.opened()
    expect(world.feed.status().kind).toBe('live')
  })

  it('says when it is lost and until when it waits, and asks whether the session still holds', () => {
    world.stream.lost()
    expect(world.feed.status()).toEqual({ kind: 'lost', retryAt: 1000 })
    expect(world.sessionChecks).toBe(1)
  })

  it('waits twice as long after each failure, at most 30 seconds, and starts over once it was open', () => {
    const waits: number[] = []
    for (let attempt = 0; attempt < 7; attempt += 1) {
      world.stream.lost()
      const status = world.feed.status()
      if (status.kind === 'lost') waits.push(status.retryAt - world.time)
      world.pass(30_000)
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
    world.stream.opened()
    world.stream.lost()
    expect(world.feed.status()).toEqual({ kind: 'lost', retryAt: world.time + 1000 })
  })

  it('spreads the retries of many browsers over a quarter of the wait', () => {
    expect(retryDelay(1, 0)).toBe(750)
    expect(retryDelay(1, 1)).toBe(1000)
  })

  it('opens one new stream when a person does not want to wait', () => {
    world.stream.lost()
    world.feed.retryNow()
    world.feed.retryNow()
    world.pass(60_000)
    expect(world.streams).toHaveLength(2)
  })

  it('closes the stream and leaves no timer behind when it is stopped', () => {
    world.stream.changed(['logs'])
    world.feed.stop()
    expect(world.closed).toBe(1)
    expect(world.timers).toHaveLength(0)
  })
})

describe('refreshes', () => {
  it('happen at once for the first change', () => {
    world.stream.changed(['logs'])
    expect(world.refreshed).toEqual([['logs']])
  })

  it('never overlap, and gather what changed meanwhile into one', async () => {
    world.stream.changed(['logs'])
    world.stream.changed(['logs'])
    world.stream.changed(['devices', 'logs'])
    expect(world.refreshed).toHaveLength(1)
    await world.refreshEnds()
    expect(world.refreshed).toHaveLength(1)
    world.pass(gapMs)
    expect(world.refreshed).toEqual([['logs'], ['logs', 'devices']])
  })

  it('are held back for a paused topic and made up for when it is resumed', () => {
    world.feed.pause('logs')
    world.stream.changed(['logs'])
    expect(world.refreshed).toEqual([])
    world.feed.resume('logs')
    expect(world.refreshed).toEqual([['logs']])
  })

  it('of other topics go on while one is paused', () => {
    world.feed.pause('logs')
    world.stream.changed(['logs', 'apps'])
    expect(world.refreshed).toEqual([['apps']])
  })
})
