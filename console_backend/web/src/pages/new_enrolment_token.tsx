import { Group, NumberInput, Select } from '@mantine/core'
import { useState } from 'react'
import type { EnrolmentTokenCreated } from '~/api/types'
import { CopyText } from '~/parts/copy_text'
import { Dialog, Told } from '~/parts/dialog'
import { EnrolCommand } from '~/parts/enrol_command'
import { useCreateEnrolmentToken } from '~/state/keys'
import { when } from '~/words/format'

export type TokenKind = 'device' | 'gateway'

// Creates an enrolment token and tells it, with the commands that use it.
export function NewEnrolmentToken({ kind, onClose }: { kind: TokenKind; onClose: () => void }) {
  const create = useCreateEnrolmentToken()
  const [for_kind, setKind] = useState<TokenKind>(kind)
  const [expires_in, setExpiry] = useState('24h')
  const [uses, setUses] = useState<number | string>(1)
  if (create.data) return <NewToken token={create.data} kind={for_kind} onClose={onClose} />
  return (
    <Dialog
      title="New enrolment token"
      submit="Create token"
      busy={create.isPending}
      error={create.error}
      onClose={onClose}
      onSubmit={() => create.mutate({ for: for_kind, expires_in, uses: Number(uses) })}
    >
      <Select
        label="For"
        data={[
          { value: 'device', label: 'A device' },
          { value: 'gateway', label: 'A gateway' },
        ]}
        allowDeselect={false}
        value={for_kind}
        onChange={(value) => setKind(value === 'gateway' ? 'gateway' : 'device')}
      />
      <Group grow align="flex-start">
        <Select
          label="Valid for"
          data={[
            { value: '1h', label: '1 hour' },
            { value: '24h', label: '24 hours' },
            { value: '7d', label: '7 days' },
            { value: '30d', label: '30 days' },
          ]}
          allowDeselect={false}
          value={expires_in}
          onChange={(value) => setExpiry(value ?? '24h')}
        />
        <NumberInput
          label="Enrolments"
          size="xs"
          min={1}
          max={100_000}
          allowDecimal={false}
          value={uses}
          onChange={setUses}
        />
      </Group>
    </Dialog>
  )
}

function NewToken({ token, kind, onClose }: { token: EnrolmentTokenCreated; kind: TokenKind; onClose: () => void }) {
  return (
    <Told title="Enrolment token" onClose={onClose}>
      <span>{`Shown only now; valid until ${when(token.expires_at)}.`}</span>
      <CopyText label="Enrolment token" text={token.token} />
      {kind === 'device' ? (
        <>
          <span>On the device, with the agent installed:</span>
          <EnrolCommand token={token.token} />
        </>
      ) : (
        <span>
          Put it into the file that the gateway's <code>enrolment_token_file</code> names, with mode 0600.
        </span>
      )}
    </Told>
  )
}
