import { useMutation, useQueryClient } from '@tanstack/react-query'
import { decideApp, decideApps, listApps, removeDeviceDecision } from '~/api/apps'
import type { App, AppFilters, AppPage } from '~/api/types'
import { type Change, undoOf } from '~/words/decisions'
import { usePages } from './pages'

export function useApps(filters: AppFilters) {
  return usePages<App, AppPage>(['apps', 'list', filters], (cursor, signal) => listApps(filters, cursor, signal))
}

async function apply(change: Change): Promise<void> {
  switch (change.kind) {
    case 'everywhere': {
      const { apps, decision, note } = change
      const [only] = apps
      if (apps.length === 1 && only !== undefined) await decideApp(only, { decision, note, scope: 'global' })
      else await decideApps({ apps, decision, note })
      return
    }
    case 'device':
      await decideApp(change.app, {
        decision: change.decision,
        note: change.note,
        scope: 'device',
        device_id: change.device_id,
      })
      return
    case 'remove_device':
      await removeDeviceDecision(change.app, change.device_id)
  }
}

// Applies a change and gives the changes that put things back as they were before.
export function useDecide() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async ({ change, before }: { change: Change; before: App[] }) => {
      await apply(change)
      return undoOf(change, before)
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['apps'] }),
  })
}

export function useUndo() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (changes: Change[]) => {
      for (const change of changes) await apply(change)
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['apps'] }),
  })
}
