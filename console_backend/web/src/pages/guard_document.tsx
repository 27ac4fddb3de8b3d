// The whole of the guardrails as a file: out, and in after a look at what that changes.
import { Button } from '@mantine/core'
import { useRef, useState } from 'react'
import { ApiError } from '~/api/error'
import type { GuardrailReplacement } from '~/api/types'
import { Dialog } from '~/parts/dialog'
import { Icon } from '~/parts/icon'
import { Loading } from '~/parts/list_view'
import { useExportGuardrails, useGuardrailPreview, useImportGuardrails } from '~/state/guardrails'
import { changeWords, part_words } from '~/words/guardrails'
import classes from './guardrails.module.css'

type Chosen = { name: string; text: string }

export function DocumentActions({ onFailure }: { onFailure: (error: Error | null) => void }) {
  const input = useRef<HTMLInputElement>(null)
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const read = useExportGuardrails()
  const take = (file: File | undefined) => {
    if (file) void file.text().then((text) => setChosen({ name: file.name, text }))
  }
  const narrow = { root: classes.narrow, label: classes.wide, section: classes.icon }
  return (
    <>
      <Button
        variant="default"
        classNames={narrow}
        aria-label="Export"
        title="Export all guardrails as a file"
        loading={read.isPending}
        leftSection={<Icon name="download" size={14} />}
        onClick={() => read.mutate(undefined, { onSuccess: save, onSettled: (_, error) => onFailure(error) })}
      >
        Export
      </Button>
      <Button
        variant="default"
        classNames={narrow}
        aria-label="Import"
        title="Import guardrails from a file"
        leftSection={<Icon name="upload" size={14} />}
        onClick={() => input.current?.click()}
      >
        Import
      </Button>
      <input
        ref={input}
        type="file"
        accept="application/json,.json"
        hidden
        onChange={(event) => {
          take(event.currentTarget.files?.[0])
          event.currentTarget.value = '' // the same file may be chosen again
        }}
      />
      {chosen && <ImportDialog chosen={chosen} onClose={() => setChosen(null)} />}
    </>
  )
}

function save(document: unknown) {
  const link = window.document.createElement('a')
  link.href = URL.createObjectURL(new Blob([`${JSON.stringify(document, null, 2)}\n`], { type: 'application/json' }))
  link.download = 'guardrails.json'
  link.click()
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

function parsed(text: string): { body: unknown; error: Error | null } {
  try {
    return { body: JSON.parse(text) as unknown, error: null }
  } catch (error) {
    const reason = error instanceof Error ? error.message : ''
    return { body: undefined, error: new ApiError(0, 'malformed', `The file is not JSON: ${reason}`) }
  }
}

function ImportDialog({ chosen, onClose }: { chosen: Chosen; onClose: () => void }) {
  const [{ body, error }] = useState(() => parsed(chosen.text))
  const replace = useImportGuardrails()
  const preview = useGuardrailPreview(body, replace.isPending || replace.isSuccess)
  const changes = preview.data?.changes ?? []
  const send = () => {
    if (!preview.data) return
    // Refused because of what somebody changed: what is asked for next is about the guardrails of now.
    replace.mutate({ body, etag: preview.data.etag }, { onSuccess: onClose, onError: () => void preview.refetch() })
  }
  return (
    <Dialog
      title={`Import ${chosen.name}`}
      submit="Replace all"
      danger={changes.some(({ change }) => change === 'removed')}
      busy={replace.isPending}
      error={error ?? preview.error ?? replace.error}
      disabled={changes.length === 0 || preview.isFetching || preview.error !== null}
      onSubmit={send}
      onClose={onClose}
    >
      {preview.isFetching && !preview.data && <Loading what="what the file changes" rows={3} />}
      {preview.data && !preview.error && <Preview preview={preview.data} />}
    </Dialog>
  )
}

function Preview({ preview: { changes, warnings } }: { preview: GuardrailReplacement }) {
  if (changes.length === 0) return <span>The file holds what is in force already. Nothing would change.</span>
  return (
    <>
      <span>{`The file takes the place of all guardrails at once: ${changeWords(changes)}. External checks stay as they are.`}</span>
      <ul className={classes.changes} aria-label="What changes" tabIndex={0}>
        {changes.map(({ part, id, change }) => (
          <li key={`${part} ${id}`} data-change={change}>
            <span>{change}</span>
            {` ${part_words[part]} `}
            <code>{id}</code>
          </li>
        ))}
      </ul>
      {warnings.length > 0 && (
        <ul className={classes.list} aria-label="Warnings">
          {warnings.map(({ path, message }) => (
            <li key={path} className={classes.warning}>{`${message} (${path})`}</li>
          ))}
        </ul>
      )}
    </>
  )
}
