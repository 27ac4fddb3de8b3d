import type { LiveChange, LiveTopic } from './types'

// A record, so that a topic of openapi.yaml that is missing here does not compile.
const known = {
  devices: true,
  apps: true,
  logs: true,
  keys: true,
  providers: true,
  tokens: true,
  gateways: true,
  actions: true,
  guardrails: true,
} satisfies Record<LiveTopic, true>
const topics = Object.keys(known) as LiveTopic[]

// The topics named by the data of a `change` event. One that this version does not know is passed over, because a
// newer console may send it; data that cannot be read counts as every topic, which costs requests and shows nothing old.
export function topicsOf(data: string): LiveTopic[] {
  try {
    const change = JSON.parse(data) as Partial<LiveChange>
    if (Array.isArray(change.topics)) return topics.filter((topic) => change.topics?.includes(topic))
  } catch {
    // Falls through to every topic.
  }
  return [...topics]
}

export type LiveListener = {
  opened: () => void
  changed: (topics: LiveTopic[]) => void
  lost: () => void
}

// Opens the stream and returns what closes it. After `lost` nothing more is reported: the caller opens a new one, because
// the browser itself gives up for good on an answer that is not a stream (502 of a proxy, 401).
export function openLive(listener: LiveListener): () => void {
  const source = new EventSource('/api/live')
  source.addEventListener('open', () => listener.opened())
  source.addEventListener('change', (event: MessageEvent<string>) => listener.changed(topicsOf(event.data)))
  source.addEventListener('error', () => {
    source.close()
    listener.lost()
  })
  return () => source.close()
}
