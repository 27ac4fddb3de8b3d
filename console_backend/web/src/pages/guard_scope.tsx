import { TagsInput } from '@mantine/core'
import { useApps } from '~/state/apps'
import { useVirtualKeys } from '~/state/keys'
import type { GuardRule } from '~/api/types'
import { scopeWarnings, type RuleDraft } from '~/words/guardrails'
import classes from './guardrails.module.css'

type Scope = RuleDraft['scope']

// Whom a rule stands for. Known keys, teams and apps are offered; others may be typed, since a rule may come first.
export function ScopeFields({
  rule,
  scope,
  onChange,
  wrong,
}: {
  rule: GuardRule | null
  scope: Scope
  onChange: (scope: Scope) => void
  wrong: (path: string) => string | null
}) {
  const keys = useVirtualKeys().items
  const apps = useApps({}).items
  const teams = keys.flatMap((key) => (key.team_id === null ? [] : [key.team_id]))
  const warnings = scopeWarnings(rule, scope)
  const field = (name: keyof Scope, label: string, data: string[]) => (
    <TagsInput
      label={label}
      placeholder={scope[name].length === 0 ? 'All' : ''}
      splitChars={[',']}
      data={[...new Set(data)]}
      description={warnings[name].length === 0 ? undefined : <span className={classes.warning}>{warnings[name].join('. ')}</span>}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      error={wrong(`scope.${name}`)}
      value={scope[name]}
      onChange={(names) => onChange({ ...scope, [name]: names })}
    />
  )
  return (
    <fieldset className={classes.group}>
      <legend>For</legend>
      <div className={classes.pair}>
        {field('users', 'Users', [])}
        {field('teams', 'Teams', teams)}
        {field(
          'keys',
          'Virtual keys',
          keys.map((key) => key.id),
        )}
        {field(
          'apps',
          'Apps',
          apps.map((app) => app.app),
        )}
      </div>
      <p className={classes.effect}>A request has to be named by every list that is not empty.</p>
    </fieldset>
  )
}
