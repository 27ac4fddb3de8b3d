import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { readGuardrailSearch, type GuardrailSearch, type GuardrailTab } from '~/app/search'
import { Page } from '~/parts/page'
import type { PutGuardRule, UnsavedParts } from '~/api/types'
import { AllowListsTab, GitleaksTab, PatternsTab, TopicsTab, WordListsTab } from './guard_parts'
import { GuardProvidersTab } from './guard_providers'
import { GuardRulePanel, ReadGuardRulePanel } from './guard_rule_panel'
import { GuardRulesTab } from './guard_rules'
import { TemplateDialog } from './guard_templates'
import { Bench } from './guardrail_bench'
import { OutcomesTab } from './guardrail_outcomes'
import classes from './guardrails.module.css'

const tabs: { tab: GuardrailTab; label: string }[] = [
  { tab: 'rules', label: 'Rules' },
  { tab: 'test', label: 'Test bench' },
  { tab: 'outcomes', label: 'Outcomes' },
  { tab: 'patterns', label: 'Patterns' },
  { tab: 'word-lists', label: 'Word lists' },
  { tab: 'topics', label: 'Topics' },
  { tab: 'allow-lists', label: 'Allow-lists' },
  { tab: 'gitleaks', label: 'Gitleaks files' },
  { tab: 'providers', label: 'External checks' },
]

export type NewRule = { rule: PutGuardRule | null; parts: UnsavedParts }

export function GuardrailsPage() {
  const search = readGuardrailSearch(useSearch({ from: '/signed-in/guardrails' }))
  const navigate = useNavigate({ from: '/guardrails' })
  const [choosing, setChoosing] = useState(false)
  const [creating, setCreating] = useState<NewRule | null>(null)
  // Where the actions of a tab are drawn: in the head of the page.
  const [actions, setActions] = useState<HTMLDivElement | null>(null)
  const tab = search.tab ?? 'rules'
  const show = (next: GuardrailSearch) => void navigate({ search: readGuardrailSearch(next), replace: true })
  const bodies: Record<GuardrailTab, ReactNode> = {
    rules: <GuardRulesTab openId={search.rule} onOpen={(rule) => show({ rule })} onNew={() => setChoosing(true)} actions={actions} />,
    test: <Bench />,
    outcomes: <OutcomesTab rule={search.rule} range={search.range ?? '24h'} onChange={(next) => show({ tab, ...next })} />,
    patterns: <PatternsTab actions={actions} />,
    'word-lists': <WordListsTab actions={actions} />,
    topics: <TopicsTab actions={actions} />,
    'allow-lists': <AllowListsTab actions={actions} />,
    gitleaks: <GitleaksTab actions={actions} />,
    providers: <GuardProvidersTab actions={actions} />,
  }
  return (
    <Page title="Guardrails" actions={<div ref={setActions} className={classes.slot} />} filters={<Tabs current={tab} />}>
      {bodies[tab]}
      {tab === 'rules' && search.rule !== undefined && (
        <ReadGuardRulePanel key={search.rule} id={search.rule} onClose={() => show({})} />
      )}
      {choosing && (
        <TemplateDialog
          onClose={() => setChoosing(false)}
          onChoose={(chosen) => {
            setChoosing(false)
            setCreating(chosen)
          }}
        />
      )}
      {creating && <GuardRulePanel rule={null} start={creating} onClose={() => setCreating(null)} />}
    </Page>
  )
}

function Tabs({ current }: { current: GuardrailTab }) {
  return (
    <nav className={classes.tabs} aria-label="Guardrails">
      {tabs.map(({ tab, label }) => (
        <Link
          key={tab}
          to="/guardrails"
          search={tab === 'rules' ? {} : { tab }}
          className={classes.tab}
          aria-current={tab === current ? 'page' : undefined}
          data-current={tab === current || undefined}
          activeProps={{}}
        >
          {label}
        </Link>
      ))}
    </nav>
  )
}
