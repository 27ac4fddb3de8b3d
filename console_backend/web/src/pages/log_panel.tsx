import { Link } from '@tanstack/react-router'
import type { GuardrailOutcome, LogRow } from '~/api/types'
import { Detail, Details, Section } from '~/parts/details'
import { ObjectView, SidePanel } from '~/parts/side_panel'
import { GuardStatus, LogStatus } from '~/parts/status'
import { useLog } from '~/state/logs'
import { count, duration, money, when } from '~/words/format'
import { surfaces } from '~/words/guardrails'
import classes from './logs.module.css'

// Every field of one audit row. The row of the list is shown at once; an address that names a row outside the list asks
// for it.
export function LogPanel({ id, row, onClose }: { id: string; row: LogRow | undefined; onClose: () => void }) {
  return (
    <SidePanel title={<span className="mono">{id}</span>} onClose={onClose}>
      {row ? <Fields row={row} /> : <ReadFields id={id} />}
    </SidePanel>
  )
}

function ReadFields({ id }: { id: string }) {
  return (
    <ObjectView query={useLog(id)} what="audit row">
      {(row) => <Fields row={row} />}
    </ObjectView>
  )
}

// What the rules did, by rule. The matched text is recorded nowhere.
function Guardrails({ outcomes }: { outcomes: GuardrailOutcome[] }) {
  return (
    <Section title="Guardrails">
      <ul className={classes.outcomes}>
        {outcomes.map((one, at) => (
          <li key={at}>
            <GuardStatus done={one.action} />
            <Link to="/guardrails" search={{ rule: one.rule }}>
              {one.rule}
            </Link>
            <span className={classes.side}>
              {`${surfaces[one.phase]} · ${one.found_by === '' ? '–' : one.found_by}${one.count > 1 ? ` · ${count(one.count)} times` : ''}`}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

const yesNo = (value: boolean | null) => (value === null ? null : value ? 'yes' : 'no')

function Fields({ row }: { row: LogRow }) {
  return (
    <>
      <Section title="Decision">
        <Details>
          <Detail name="Decision">
            <LogStatus decision={row.decision} />
          </Detail>
          <Detail name="Reason">{row.reason}</Detail>
          <Detail name="Status">{row.status}</Detail>
        </Details>
      </Section>
      {row.guardrails.length > 0 && <Guardrails outcomes={row.guardrails} />}
      <Section title="Who">
        <Details>
          <Detail name="App">{row.app}</Detail>
          <Detail name="App version">{row.app_version}</Detail>
          <Detail name="User">{row.user}</Detail>
          <Detail name="Device">
            {row.device && (
              <Link to="/devices" search={{ device: row.device }}>
                {row.device_name ?? row.device}
              </Link>
            )}
          </Detail>
          <Detail name="Device id" mono>
            {row.device}
          </Detail>
          <Detail name="Virtual key">{row.virtual_key}</Detail>
          <Detail name="Team">{row.team}</Detail>
          <Detail name="Customer">{row.customer}</Detail>
        </Details>
      </Section>
      <Section title="Request">
        <Details>
          <Detail name="Time">{when(row.time, 'milliseconds')}</Detail>
          <Detail name="Provider">{row.provider}</Detail>
          <Detail name="Model">{row.model}</Detail>
          <Detail name="Dialect">{row.dialect}</Detail>
          <Detail name="Operation">{row.operation}</Detail>
          <Detail name="Streamed">{yesNo(row.streamed)}</Detail>
          <Detail name="Host" mono>
            {row.host}
          </Detail>
          <Detail name="Path" mono>
            {row.path}
          </Detail>
          <Detail name="Attempts">{row.attempts}</Detail>
        </Details>
      </Section>
      <Section title="Use">
        <Details>
          <Detail name="Input tokens">{count(row.tokens.input)}</Detail>
          <Detail name="Output tokens">{count(row.tokens.output)}</Detail>
          <Detail name="Cache read">{count(row.tokens.cache_read)}</Detail>
          <Detail name="Cache write">{count(row.tokens.cache_write)}</Detail>
          {row.tokens.estimated && <Detail name="Tokens">Estimated: the answer was stopped before the provider said</Detail>}
          <Detail name="Cost">{money(row.cost_nanodollars)}</Detail>
          <Detail name="Latency">{duration(row.latency_us)}</Detail>
          <Detail name="Overhead of Sluice">{duration(row.overhead_us)}</Detail>
        </Details>
      </Section>
      <Section title="Identifiers">
        <Details>
          <Detail name="Request id" mono>
            {row.request_id}
          </Detail>
          <Detail name="Client's request id" mono>
            {row.client_request_id}
          </Detail>
          <Detail name="Upstream request id" mono>
            {row.upstream_request_id}
          </Detail>
          <Detail name="Recorded by" mono>
            {row.origin}
          </Detail>
        </Details>
      </Section>
    </>
  )
}
