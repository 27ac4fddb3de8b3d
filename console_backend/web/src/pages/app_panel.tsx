import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { App, AppDecision } from '~/api/types'
import { Detail, Details, Section } from '~/parts/details'
import { SidePanel } from '~/parts/side_panel'
import { FormFailure } from '~/parts/states'
import { AppStatus } from '~/parts/status'
import { Ago } from '~/parts/times'
import { useDecide } from '~/state/apps'
import { count, when } from '~/words/format'
import classes from './approvals.module.css'
import { offerUndo } from './undo_notice'

export function AppPanel({
  app,
  decide,
  onClose,
}: {
  app: App
  decide: (decision: AppDecision, device_id?: string) => void
  onClose: () => void
}) {
  return (
    <SidePanel title={app.name} onClose={onClose}>
      <Section title="Decision">
        <Details>
          <Detail name="Everywhere">
            <AppStatus decision={app.decision} />
          </Detail>
          <Detail name="Note">{app.note}</Detail>
          <Detail name="Reference" mono>
            {app.reference}
          </Detail>
          <Detail name="Decided by">{app.decided_by}</Detail>
          <Detail name="Decided">{app.decided_at === null ? null : when(app.decided_at)}</Detail>
        </Details>
        <div className={classes.row}>
          <Button variant="default" onClick={() => decide('approved')}>
            Approve…
          </Button>
          <Button variant="default" onClick={() => decide('denied')}>
            Deny…
          </Button>
          {app.decision !== 'pending' && (
            <Button variant="default" onClick={() => decide('pending')}>
              Reset to pending…
            </Button>
          )}
        </div>
      </Section>
      <Section title="Decisions for one device">
        <Exceptions app={app} />
      </Section>
      <Section title="Found">
        <Details>
          <Detail name="Name in audit rows" mono>
            {app.app}
          </Detail>
          <Detail name="Vendor">{app.vendor}</Detail>
          <Detail name="Devices">{count(app.devices)}</Detail>
          <Detail name="Versions">{app.versions.join(', ')}</Detail>
          <Detail name="Requests, 24 h">{count(app.requests_24h)}</Detail>
          <Detail name="First seen">
            <Ago time={app.first_seen} />
          </Detail>
          <Detail name="Last seen">
            <Ago time={app.last_seen} />
          </Detail>
        </Details>
        <div className={classes.row}>
          <Link to="/logs" search={{ app: app.app }}>
            Show its requests
          </Link>
        </div>
      </Section>
    </SidePanel>
  )
}

function Exceptions({ app }: { app: App }) {
  const decide = useDecide()
  if (app.device_decisions.length === 0)
    return <p className={classes.text}>None. Choose “One device” when you approve or deny to make one.</p>
  return (
    <>
      <ul className={classes.exceptions}>
        {app.device_decisions.map((one) => (
          <li key={one.device_id}>
            <Link to="/devices" search={{ device: one.device_id }}>
              {one.device_name}
            </Link>
            <AppStatus decision={one.decision} />
            <Button
              size="compact-xs"
              variant="default"
              aria-label={`Remove the decision for ${one.device_name}`}
              loading={decide.isPending && decide.variables.change.kind !== 'everywhere' && decide.variables.change.device_id === one.device_id}
              onClick={() =>
                decide.mutate(
                  { change: { kind: 'remove_device', app: app.app, device_id: one.device_id }, before: [app] },
                  { onSuccess: (undo) => offerUndo(`${app.name} follows the global decision on ${one.device_name}.`, undo) },
                )
              }
            >
              Remove
            </Button>
            {one.note && <span className={classes.note}>{one.note}</span>}
          </li>
        ))}
      </ul>
      <FormFailure error={decide.error} />
    </>
  )
}
