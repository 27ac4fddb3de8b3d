import { Select } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ColumnDef } from '@tanstack/react-table'
import { DataTable } from '~/parts/data_table'
import { ObjectView } from '~/parts/side_panel'
import { StackedColumns } from '~/parts/stacked_columns'
import { Empty } from '~/parts/states'
import { GuardStatus } from '~/parts/status'
import { useGuardrailOutcomes, useGuardRules } from '~/state/guardrails'
import { count } from '~/words/format'
import { columnsOf, outcome_ranges, surfaces, totalsOf, type OutcomeRange, type OutcomeTotal } from '~/words/guardrails'
import type { GuardrailSearch } from '~/app/search'
import classes from './guardrails.module.css'

const columns: ColumnDef<OutcomeTotal>[] = [
  { header: 'Rule', accessorKey: 'rule' },
  { header: 'Did', cell: ({ row }) => <GuardStatus done={row.original.action} />, meta: { width: 140 } },
  { header: 'In', cell: ({ row }) => surfaces[row.original.phase], meta: { width: 140 } },
  { header: 'Requests', cell: ({ row }) => count(row.original.requests), meta: { width: 110, align: 'right' } },
  { header: 'Findings', cell: ({ row }) => count(row.original.findings), meta: { width: 110, align: 'right' } },
]

export function OutcomesTab({
  rule,
  range,
  onChange,
}: {
  rule: string | undefined
  range: OutcomeRange
  onChange: (next: GuardrailSearch) => void
}) {
  const query = useGuardrailOutcomes(range, rule)
  return (
    <>
      <Filters rule={rule} range={range} onChange={onChange} />
      <ObjectView query={query} what="outcomes">
        {(outcomes) =>
          outcomes.items.length === 0 ? (
            <Empty title="No guardrail did anything in this time.">
              <p>What rules find in requests and answers is counted here, also what they only flag or watch.</p>
              <Link to="/guardrails">Show the rules</Link>
            </Empty>
          ) : (
            <>
              <StackedColumns label={`Requests by what guardrails did, ${outcome_ranges[range].label}`} columns={columnsOf(outcomes)} step={outcomes.bucket} />
              <DataTable
                label="Outcomes"
                columns={columns}
                items={totalsOf(outcomes.items)}
                idOf={({ rule: id, action, phase }) => `${id} ${action} ${phase}`}
                minWidth={760}
              />
            </>
          )
        }
      </ObjectView>
    </>
  )
}

function Filters({
  rule,
  range,
  onChange,
}: {
  rule: string | undefined
  range: OutcomeRange
  onChange: (next: GuardrailSearch) => void
}) {
  const rules = useGuardRules().items.map((one) => one.id)
  const known = rule === undefined ? rules : [...rules, rule]
  const with_rule = rule === undefined ? {} : { rule }
  return (
    <div className={classes.filters}>
      <Select
        w={150}
        aria-label="Period"
        allowDeselect={false}
        data={(Object.keys(outcome_ranges) as OutcomeRange[]).map((value) => ({ value, label: outcome_ranges[value].label }))}
        value={range}
        onChange={(next) => next && onChange({ ...with_rule, range: next })}
      />
      <Select
        w={220}
        aria-label="Rule"
        placeholder="All rules"
        clearable
        data={[...new Set(known)]}
        value={rule ?? null}
        onChange={(next) => onChange({ range, ...(next === null ? {} : { rule: next }) })}
      />
    </div>
  )
}
