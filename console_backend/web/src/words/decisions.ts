// What may be changed about the apps of the catalogue, and how a change is taken back.
import type { App, AppDecision } from '~/api/types'

export type Change =
  | { kind: 'everywhere'; apps: string[]; decision: AppDecision; note: string | null }
  | { kind: 'device'; app: string; device_id: string; decision: AppDecision; note: string | null }
  | { kind: 'remove_device'; app: string; device_id: string }

// The changes that restore `before`, the apps as they were when `change` was made. Apps that had the same decision and note
// are restored together, so that a bulk change is taken back in as few snapshots as possible.
export function undoOf(change: Change, before: App[]): Change[] {
  if (change.kind === 'everywhere') {
    const groups = new Map<string, Change & { kind: 'everywhere' }>()
    for (const app of before.filter((one) => change.apps.includes(one.app))) {
      const key = JSON.stringify([app.decision, app.note])
      const group = groups.get(key) ?? { kind: 'everywhere', apps: [], decision: app.decision, note: app.note }
      group.apps.push(app.app)
      groups.set(key, group)
    }
    return [...groups.values()]
  }
  const { app, device_id } = change
  const former = before.find((one) => one.app === app)?.device_decisions.find((one) => one.device_id === device_id)
  if (former === undefined) return change.kind === 'device' ? [{ kind: 'remove_device', app, device_id }] : []
  return [{ kind: 'device', app, device_id, decision: former.decision, note: former.note }]
}
