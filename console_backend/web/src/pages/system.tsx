import type { ColumnDef } from '@tanstack/react-table'
import type { ReactNode } from 'react'
import type { AdminAction, Certificate, Gateway, Settings } from '~/api/types'
import { CopyText } from '~/parts/copy_text'
import { DataTable } from '~/parts/data_table'
import { Detail, Details } from '~/parts/details'
import { ListView } from '~/parts/list_view'
import { Page } from '~/parts/page'
import { ObjectView } from '~/parts/side_panel'
import { Empty } from '~/parts/states'
import { DeviceStatus } from '~/parts/status'
import { Ago, Left } from '~/parts/times'
import { useAdminActions, useCertificateAuthority, useGateways, useSettings } from '~/state/system'
import { shortFingerprint, when } from '~/words/format'
import classes from './system.module.css'

export function SystemPage() {
  const settings = useSettings()
  const ca = useCertificateAuthority()
  return (
    <Page title="System">
      <Part title="Settings">
        <ObjectView query={settings} what="settings">
          {(data) => <SettingsFields settings={data} />}
        </ObjectView>
      </Part>
      <Part title="Gateways" wide>
        <Gateways />
      </Part>
      <Part title="Interception certificates">
        <ObjectView query={ca} what="certificates">
          {(data) => (
            <>
              <CertificateFields name="Root" certificate={data.root} />
              <CertificateFields name="Issuing" certificate={data.issuing} />
            </>
          )}
        </ObjectView>
      </Part>
      <Part title="Administrator actions" wide>
        <Actions />
      </Part>
    </Page>
  )
}

function Part({ title, wide = false, children }: { title: string; wide?: boolean; children: ReactNode }) {
  return (
    <section className={classes.part}>
      <h2>{title}</h2>
      <div className={wide ? undefined : classes.inset}>{children}</div>
    </section>
  )
}

function SettingsFields({ settings }: { settings: Settings }) {
  return (
    <Details>
      <Detail name="Organisation">{settings.org.name}</Detail>
      <Detail name="Contact">{settings.org.contact}</Detail>
      <Detail name="Version">{settings.version}</Detail>
      <Detail name="Console for people" mono>
        {settings.public_url}
      </Detail>
      <Detail name="Console for devices" mono>
        {settings.devices_url}
      </Detail>
      <Detail name="Gateway for devices" mono>
        {settings.gateway_url}
      </Detail>
      <Detail name="Console pin" mono>
        {settings.console_pin}
      </Detail>
      <Detail name="Pending apps">{settings.pending_apps === 'allow' ? 'may be used' : 'are refused'}</Detail>
      <Detail name="Gateway is down">
        {settings.gateway_down === 'block' ? 'requests are refused' : 'devices go to the provider directly'}
      </Detail>
      <Detail name="Logs are kept">{`${settings.retention_days} days`}</Detail>
    </Details>
  )
}

function CertificateFields({ name, certificate }: { name: string; certificate: Certificate }) {
  return (
    <details className={classes.certificate}>
      <summary>
        <strong>{name}</strong> {certificate.subject}
      </summary>
      <Details>
        <Detail name="Valid from">{when(certificate.not_before)}</Detail>
        <Detail name="Ends">
          <Left time={certificate.not_after} />
        </Detail>
        <Detail name="SHA-256" mono>
          {shortFingerprint(certificate.fingerprint_sha256)}
        </Detail>
      </Details>
      <CopyText label={`${name} certificate in PEM`} text={certificate.pem.trim()} />
    </details>
  )
}

const gateway_columns: ColumnDef<Gateway>[] = [
  { header: 'Name', accessorKey: 'name' },
  { header: 'Id', cell: ({ row }) => <span className="mono">{row.original.id}</span>, meta: { width: 260 } },
  { header: 'Version', cell: ({ row }) => row.original.version ?? '–', meta: { width: 100 } },
  { header: 'State', cell: ({ row }) => <DeviceStatus state={row.original.state} />, meta: { width: 110 } },
  { header: 'Policy version', cell: ({ row }) => row.original.snapshot_version ?? '–', meta: { width: 120, align: 'right' } },
  { header: 'Last check-in', cell: ({ row }) => <Ago time={row.original.last_check_in} />, meta: { width: 130 } },
]

function Gateways() {
  const list = useGateways()
  return (
    <ListView list={list} what="gateways" empty={<Empty title="No gateway has enrolled yet." />}>
      <DataTable label="Gateways" columns={gateway_columns} items={list.items} idOf={(item) => item.id} minWidth={900} />
    </ListView>
  )
}

const action_columns: ColumnDef<AdminAction>[] = [
  { header: 'Time', cell: ({ row }) => when(row.original.time), meta: { width: 170 } },
  { header: 'Who', accessorKey: 'actor', meta: { width: 220 } },
  { header: 'Action', cell: ({ row }) => <span className="mono">{row.original.action}</span>, meta: { width: 190 } },
  { header: 'On', cell: ({ row }) => <span className="mono">{row.original.target ?? '–'}</span> },
  { header: 'Note', cell: ({ row }) => <span title={row.original.note ?? undefined}>{row.original.note ?? '–'}</span> },
]

function Actions() {
  const list = useAdminActions()
  return (
    <ListView list={list} what="actions" empty={<Empty title="Nothing has been done yet." />}>
      <DataTable
        label="Administrator actions"
        columns={action_columns}
        items={list.items}
        idOf={(item) => `${item.time} ${item.action} ${item.target ?? ''}`}
        minWidth={900}
      />
    </ListView>
  )
}
