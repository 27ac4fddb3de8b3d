import { Button, Group, Modal, Stack } from '@mantine/core'
import type { SubmitEvent, ReactNode } from 'react'
import { useReturnFocus } from './return_focus'
import { FormFailure } from './states'

// A dialog with a form: it sends on Enter, tells the server's reason in place, and closes on Escape.
export function Dialog({
  title,
  submit,
  danger = false,
  busy,
  error,
  onSubmit,
  onClose,
  disabled = false,
  children,
}: {
  title: string
  submit: string
  danger?: boolean
  busy: boolean
  error: Error | null
  onSubmit: () => void
  onClose: () => void
  disabled?: boolean
  children: ReactNode
}) {
  useReturnFocus()
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    if (!busy && !disabled) onSubmit()
  }
  return (
    <Modal opened onClose={onClose} title={title}>
      <form onSubmit={send} noValidate>
        <Stack gap="sm">
          {children}
          <FormFailure error={error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" color={danger ? 'red' : 'blue'} loading={busy} disabled={disabled}>
              {submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

// A dialog that only tells something, such as a secret that is shown once.
export function Told({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  useReturnFocus()
  return (
    <Modal opened onClose={onClose} title={title} size={680} closeOnClickOutside={false}>
      <Stack gap="sm">
        {children}
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    </Modal>
  )
}
