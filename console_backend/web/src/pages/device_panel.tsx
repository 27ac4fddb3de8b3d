import { Button, Textarea } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ColumnDef } from '@tanstack/react-table'
import { useState } from 'react'
import type { DeviceDetail, FoundApp } from '~/api/types'
import { DataTable } from '~/parts/data_table'
import { Detail, Details, Section } from '~/parts/details'
import { Dialog } from '~/parts/dialog'
import { ObjectView, SidePanel } from '~/parts/side_panel'
import { AppStatus, CaptureStatus, DeviceStatus } from '~/parts/status'
import { Ago, Left } from '~/parts/times'
import { useDevice, useRevokeDevice } from '~/state/devices'
import { count, when } from '~/words/format'
import classes from './device_panel.module.css'

export function DevicePanel({ id, onClose }: { id: string; onClose: () => void }) {
  const query = useDevice(id)
  return (
    <SidePanel title={query.data?.hostname ?? 'Device'} onClose={onClose}>
      <ObjectView query={query} what="device">
        {(device) => <Device device={device} />}
      </ObjectView>
    </SidePanel>
  )
}

const columns: ColumnDef<FoundApp>[] = [
  { header: 'App', cell: ({ row }) => <span title={row.original.path}>{row.original.name}</span> },
  { header: 'Version', cell: ({ row }) => row.original.version ?? '–', meta: { width: 84 } },
  { header: 'User', cell: ({ row }) => row.original.user ?? '–', meta: { width: 84 } },
  { header: 'Decision', cell: ({ row }) => <AppStatus decision={row.original.decision} />, meta: { width: 110 } },
  { header: 'Seen', cell: ({ row }) => <Ago time={row.original.last_seen} />, meta: { width: 90 } },
]

function Device({ device }: { device: DeviceDetail }) {
  return (
    <>
      <Section title="Device">
        <Details>
          <Detail name="State">
            <DeviceStatus state={device.state} />
          </Detail>
          {device.revocation && (
            <Detail name="Revoked">
              {`${when(device.revocation.revoked_at)} by ${device.revocation.revoked_by}: ${device.revocation.note}`}
            </Detail>
          )}
          <Detail name="Capture">
            <CaptureStatus state={device.capture.state} />
            {device.capture.detail && <div>{device.capture.detail}</div>}
          </Detail>
          <Detail name="User">{device.user}</Detail>
          <Detail name="Platform">{`${device.os_version ?? '–'} (${device.platform})`}</Detail>
          <Detail name="Agent version">{device.agent_version}</Detail>
          <Detail name="Last check-in">
            <Ago time={device.last_check_in} />
          </Detail>
          <Detail name="Enrolled">{when(device.enrolled_at)}</Detail>
          <Detail name="Policy version">{device.snapshot_version}</Detail>
          <Detail name="Device id" mono>
            {device.id}
          </Detail>
          <Detail name="Certificate" mono>
            {device.certificate.serial}
          </Detail>
          <Detail name="Certificate ends">
            <Left time={device.certificate.not_after} />
          </Detail>
        </Details>
      </Section>
      <Section title="Apps found">
        {device.found_apps.length === 0 ? (
          <p className={classes.none}>No AI application was found on this device.</p>
        ) : (
          <div className={classes.apps}>
            <DataTable
              label="Apps found"
              columns={columns}
              items={device.found_apps}
              idOf={(item) => `${item.app} ${item.path}`}
              minWidth={500}
            />
          </div>
        )}
      </Section>
      <Section title="Connections since the agent started">
        <div className={classes.counters}>
          <Counter name="Intercepted" value={device.counters.intercepted} />
          <Counter name="Passed untouched" value={device.counters.spliced} />
          <Counter name="Refused" value={device.counters.refused} />
          <Counter name="Broken" value={device.counters.broken} />
        </div>
      </Section>
      <div className={classes.actions}>
        <Link to="/logs" search={{ device: device.id }}>
          Show its requests
        </Link>
        {device.state !== 'revoked' && <Revoke device={device} />}
      </div>
    </>
  )
}

function Counter({ name, value }: { name: string; value: number }) {
  return (
    <div>
      <div className={classes.number}>{count(value)}</div>
      <div className={classes.name}>{name}</div>
    </div>
  )
}

function Revoke({ device }: { device: DeviceDetail }) {
  const [open, setOpen] = useState(false)
  const [note, setNote] = useState('')
  const revoke = useRevokeDevice()
  const close = () => {
    setOpen(false)
    setNote('')
    revoke.reset()
  }
  return (
    <>
      <Button variant="light" color="red" onClick={() => setOpen(true)}>
        Revoke device…
      </Button>
      {open && (
        <Dialog
          title={`Revoke ${device.hostname}`}
          submit="Revoke"
          danger
          busy={revoke.isPending}
          error={revoke.error}
          onClose={close}
          onSubmit={() => revoke.mutate({ id: device.id, note: note.trim() }, { onSuccess: close })}
        >
          <p className={classes.text}>
            Its certificate stops working at once, for the gateway and for this console. This cannot be undone; the device
            has to enrol again.
          </p>
          <Textarea
            label="Note"
            description="Kept with the device and in the record of administrator actions."
            data-autofocus
            autosize
            minRows={2}
            maxLength={500}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
        </Dialog>
      )}
    </>
  )
}
